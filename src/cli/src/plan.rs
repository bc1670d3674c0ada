//! Plans: what would be done, made by the engine and shown before anyone says yes.

use crate::args;
use crate::ending::{Ending, Trouble, ending_of, sentence_of};
use crate::output::{Output, bold, dim};
use crate::remotes::add;
use crate::session::Session;
use crate::system::changes;
use crate::text::{bytes, clean, gettext_f};
use crate::{json, resolve, words};
use futures_util::StreamExt;
use gettextrs::gettext;
use std::sync::Arc;
use strata_catalogue::Catalogue;
use strata_model::plan::{Step, StepChange, WarningKind};
use strata_model::{Action, Failure, Installed, OfferId, Plan, Request, Snapshot, SourceKind, Stop, marked};

/// How many plans the engine works on at once: they mostly wait for the network.
const AT_ONCE: usize = 4;

/// A request, and what it would do or why it cannot be done.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) request: Request,
    pub(crate) plan: Result<Plan, Failure>,
}

impl Planned {
    /// The request, by the name that the plan found: a file is known by its path only.
    pub(crate) fn into_request(self) -> Request {
        match self.plan {
            Ok(plan) if self.request.name.is_empty() => self.request.named(&plan.request.name),
            _ => self.request,
        }
    }

    /// Nothing would change.
    pub(crate) fn is_empty(&self) -> bool {
        let deletes_data = self.request.delete_data;
        let of_system = |plan: &Plan| plan.system.as_ref().is_some_and(|system| !system.nothing_to_do);
        let is_more = |plan: &Plan| !plan.steps.is_empty() || of_system(plan) || plan.origin.is_some();
        self.plan.as_ref().is_ok_and(|plan| !is_more(plan) && !deletes_data)
    }

    /// What there is to know about it, also where nothing would change.
    pub(crate) fn say_warnings(&self, output: &Output) {
        if let Ok(plan) = &self.plan {
            show_warnings(output, plan);
        }
    }

    pub(crate) fn json(&self) -> json::Plan<'_> {
        match &self.plan {
            Ok(plan) => json::Plan::new(&self.request, plan),
            Err(failure) => json::Plan::failed(&self.request, failure),
        }
    }
}

/// `plan`: shows and changes nothing.
pub(crate) async fn run(mut session: Session, asked: args::Plan) -> Result<Ending, Trouble> {
    let snapshot = session.ready().await?;
    let mut requests = Vec::new();
    for name in &asked.apps {
        requests.push(request(&mut session, &snapshot, &asked, name).await?);
    }
    let planned = all(&mut session, requests).await?;
    if session.output.json {
        session.output.result(&planned.iter().map(Planned::json).collect::<Vec<_>>());
    } else {
        show(&session, &planned);
    }
    Ok(ending(&planned))
}

async fn request(
    session: &mut Session,
    snapshot: &Snapshot,
    asked: &args::Plan,
    name: &str,
) -> Result<Request, Trouble> {
    if asked.remove {
        return resolve::to_remove(session, snapshot, name, asked.source, false).await;
    }
    let scope = session.scope(snapshot)?;
    let mut known = snapshot.clone();
    known.installed.retain(|part| asked.source.is_none_or(|source| part.offer.source == source));
    let is_there = resolve::is_there(&known.installed, name, scope);
    if !asked.install && (asked.update || is_there) {
        let part = resolve::installed(session, &known, name).await?;
        return resolve::apart(Request::update(part.offer.clone()).named(&part.name));
    }
    let mut requests = resolve::to_install(session, snapshot, &[name.to_owned()], asked.source).await?;
    requests.pop().ok_or_else(|| resolve::not_found(name))
}

/// Plans every request; one that cannot be planned costs only itself.
pub(crate) async fn all(session: &mut Session, requests: Vec<Request>) -> Result<Vec<Planned>, Trouble> {
    let engine = session.engine.clone();
    let plans = futures_util::stream::iter(requests).map(|request| {
        let engine = engine.clone();
        async move {
            let plan = engine.plan(&request).await;
            (request, plan)
        }
    });
    let long = gettext("Still finding out what would change. Waiting… (Ctrl+C leaves)");
    let plans = session.patiently(&long, plans.buffered(AT_ONCE).collect::<Vec<_>>()).await?;
    let planned = plans.into_iter().map(|(request, plan)| match plan {
        // What a file takes the place of is known only now.
        Ok(plan) => {
            Ok(Planned { request: Request { replaces: plan.request.replaces.clone(), ..request }, plan: Ok(plan) })
        }
        Err(Stop::Failed(failure)) => Ok(Planned { request, plan: Err(failure) }),
        Err(Stop::Cancelled) => Err(Trouble::Cancelled),
    });
    planned.collect()
}

/// The worst that the planning came to.
pub(crate) fn ending(planned: &[Planned]) -> Ending {
    let failures: Vec<_> = planned.iter().filter_map(|planned| planned.plan.as_ref().err()).collect();
    match failures[..] {
        [] => Ending::Done,
        [first] if planned.len() == 1 => ending_of(first),
        _ => Ending::Failed,
    }
}

/// Tells a person what would be done.
pub(crate) fn show(session: &Session, planned: &[Planned]) {
    let (output, names) = (&session.output, Names::new(session));
    for one in planned {
        let Planned { request, plan } = one;
        match plan {
            Ok(plan) => show_one(output, &names, request, plan, one.is_empty()),
            Err(failure) => {
                output.note(&format!("{}: {}", bold(&words::intention(request)), sentence_of(request, failure)));
                output.detail(failure);
            }
        }
    }
    show_total(output, planned);
}

/// What parts are called, from what is installed and from the catalogue.
struct Names {
    snapshot: Arc<Snapshot>,
    /// Without one, parts that are not installed are called by their ids.
    catalogue: Option<Catalogue>,
}

impl Names {
    fn new(session: &Session) -> Self {
        let catalogue = Catalogue::open(&session.environment.catalogue()).ok();
        Self { snapshot: session.engine.snapshot().borrow().clone(), catalogue }
    }

    fn of(&self, request: &Request, step: &Step) -> String {
        let offer = OfferId { origin: step.origin.clone(), reference: step.reference.clone(), ..request.offer.clone() };
        if offer.reference == request.offer.reference && !request.name.is_empty() {
            return clean(&request.name);
        }
        let is_it = |part: &&Installed| part.offer.reference == offer.reference && part.offer.scope == offer.scope;
        let installed = self.snapshot.installed.iter().find(is_it).map(|part| part.name.clone());
        let known = || self.catalogue.as_ref()?.offer(&offer).ok()?.map(|app| app.name);
        let name = installed.filter(|name| !name.is_empty()).or_else(known);
        clean(name.as_deref().unwrap_or(words::short(&step.reference)))
    }
}

fn show_one(output: &Output, names: &Names, request: &Request, plan: &Plan, is_empty: bool) {
    let asked = if request.name.is_empty() { &plan.request } else { request };
    output.line(&heading(asked));
    if is_empty {
        output.line(&format!("  {}", gettext("Nothing to do.")));
        show_warnings(output, plan);
        return;
    }
    if let Some(system) = &plan.system {
        changes::show_plan(output, system);
    }
    if let Some(origin) = &plan.origin {
        add::show(output, origin);
    }
    for step in &plan.steps {
        let size = match step.change {
            StepChange::Remove => gettext_f("frees {size}", &[("size", &bytes(step.installed_size))]),
            // From a file that is here.
            _ if step.download_size == 0 && step.installed_size > 0 => {
                gettext_f("on the disk {size}", &[("size", &bytes(step.installed_size))])
            }
            _ => gettext_f("download {size}", &[("size", &bytes(step.download_size))]),
        };
        let (change, part) = (words::change(step.change), words::part(step.kind));
        let (name, reference) = (names.of(asked, step), dim(&clean(&step.reference)));
        let part_and_version = format!("{name} {}", clean(&step.version));
        let name = part_and_version.trim_end();
        output.line(&format!("  {name}: {change} {part}, {size}  {reference}"));
    }
    show_permissions(output, request, plan);
    show_warnings(output, plan);
    // The sentence about layering says it too.
    if plan.restart_needed && plan.warnings.iter().all(|warning| warning.kind != WarningKind::Layered) {
        output.line(&format!("  {} {}", bold("!"), gettext("It takes effect after a restart.")));
    }
}

fn show_warnings(output: &Output, plan: &Plan) {
    for warning in &plan.warnings {
        output.line(&format!("  {} {}", bold("!"), words::warning(warning)));
    }
}

fn heading(request: &Request) -> String {
    let origin = clean(&request.offer.origin);
    let scope = clean(&request.offer.scope);
    // The system is nowhere but where it is.
    let scope = if request.offer.source == SourceKind::Package { String::new() } else { scope };
    let place = if origin.is_empty() { scope } else { format!("{origin}, {scope}") };
    let intention = bold(&words::intention(request));
    if place.is_empty() { intention } else { format!("{intention} ({place})") }
}

fn show_permissions(output: &Output, request: &Request, plan: &Plan) {
    let said: Vec<_> = plan.new_permissions().iter().filter_map(words::permission).collect();
    if said.is_empty() {
        return;
    }
    let label = match request.action {
        Action::Update => gettext("New permissions:"),
        _ => gettext("Permissions:"),
    };
    output.line(&format!("  {label}"));
    for permission in said {
        output.line(&format!("    {permission}"));
    }
}

fn show_total(output: &Output, planned: &[Planned]) {
    let plans = || planned.iter().filter_map(|planned| planned.plan.as_ref().ok());
    let download: u64 = plans().map(|plan| plan.download_size).fold(0, u64::saturating_add);
    let change: i64 = plans().map(|plan| plan.size_change).fold(0, i64::saturating_add);
    if plans().all(|plan| plan.steps.is_empty()) {
        return;
    }
    let sentence = if change < 0 {
        marked("To download: {download}. Freed on the disk: {change}.")
    } else {
        marked("To download: {download}. Needed on the disk: {change}.")
    };
    let change = bytes(change.unsigned_abs());
    output.line(&gettext_f(sentence, &[("download", &bytes(download)), ("change", &change)]));
}
