//! The part of a replay that is played on transactions' own connections, and beside them.

use crate::client::{Came, call};
use crate::recording::{Signal, Step, arguments};
use crate::replay::{CONTROL_INTERFACE, PROPERTIES, Play, TITLE, TRANSACTION};
use std::process::Command;
use strata_demo::daemon::{Body, CONTROL, Data, NAME};

impl Play<'_> {
    /// A transaction's signal. The first listener's are asked for; the others get the same.
    pub(crate) async fn signal(&mut self, place: usize) -> Result<(), String> {
        let step = &self.recording.steps[place];
        if self.starter.is_empty() && !self.begun {
            self.early.push(place);
            return Ok(());
        }
        if step.client != self.starter {
            self.starter_first(place).await?;
        }
        self.compare_signal(place).await
    }

    async fn compare_signal(&mut self, place: usize) -> Result<(), String> {
        let step = &self.recording.steps[place];
        let signal = step.peer_signal.as_ref().unwrap();
        let came = match self.titles.remove(&step.client).filter(|_| signal.name == TITLE) {
            Some(title) => title,
            None => self.next(step, signal).await?,
        };
        let recorded = arguments(&signal.signature, &signal.args, &[]);
        if signal.name != came.name {
            return Err(format!("recorded {} {}, came {} {:?}", signal.name, signal.args, came.name, came.arguments));
        }
        match signal.name.as_str() {
            "DownloadProgress" => self.names.progress(&recorded, &came.arguments),
            name => self.names.all(name, &recorded, &came.arguments),
        }?;
        Ok(())
    }

    /// The next signal. That the title changed is told by another thread of the real daemon, so it may come later.
    async fn next(&mut self, step: &Step, signal: &Signal) -> Result<Came, String> {
        loop {
            if step.client == self.starter {
                self.allow(1).await;
            }
            let link = self.players.get_mut(&step.client).unwrap().peer.as_mut().ok_or("no peer")?;
            let came = link.next().await.map_err(|error| format!("{} {}: {error}", signal.name, signal.args))?;
            if came.name != TITLE || signal.name == TITLE {
                return Ok(came);
            }
            self.titles.insert(step.client.clone(), came);
        }
    }

    /// Two listeners hear the same, and in the recording one or the other heard it first.
    async fn starter_first(&mut self, place: usize) -> Result<(), String> {
        let recording = self.recording;
        for (at, later) in recording.steps.iter().enumerate().skip(place) {
            if later.peer_signal.is_none() {
                break;
            }
            if later.client == self.starter && !self.done.contains(&at) {
                self.compare_signal(at).await?;
                self.done.push(at);
            }
        }
        Ok(())
    }

    pub(crate) async fn allow(&self, signals: u32) {
        let connection = self.control.connection.clone();
        // A daemon that was just killed has nothing to allow.
        let _ =
            call(connection, Some(NAME), CONTROL, (CONTROL_INTERFACE, "Allow"), Body(vec![Data::U32(signals)])).await;
    }

    pub(crate) async fn at_peer(&mut self, place: usize, step: &Step) -> Result<(), String> {
        if let Some(property) = &step.peer_property {
            let connection = self.player(step).peer.as_ref().ok_or("no peer")?.connection.clone();
            let body = Body(vec![Data::text(TRANSACTION)]);
            let all = call(connection, None, "/", (PROPERTIES, "GetAll"), body).await.map_err(|error| error.1)?;
            let text = |key: &str| all[0].get(key).and_then(Data::as_str).unwrap_or_default().to_owned();
            let own = format!("uid:{}", rustix::process::geteuid().as_raw());
            let description = property.description.replace("uid:0", &own);
            self.names.text("Title", &property.title, &text("Title"))?;
            return self.names.text("InitiatingClientDescription", &description, &text("InitiatingClientDescription"));
        }
        if let Some(method) = &step.peer_call {
            return self.peer_call(step, method).await;
        }
        if step.peer_close.is_some() {
            return self.close(place, step).await;
        }
        if step.peer_disconnected.is_some() {
            let link = self.player(step).peer.take().ok_or("no peer")?;
            self.starter.clear();
            return link.ended().await;
        }
        if step.bus_disconnect.is_some() {
            // What it heard until now is compared while it is there.
            self.catch_up().await?;
            if let Some(link) = self.player(step).bus.take() {
                link.close().await;
            }
            return Ok(());
        }
        match &step.script {
            Some(script) if script.starts_with("kill") => self.kill(place).await,
            Some(script) => self.run(script),
            None => Err("a step of an unknown kind".to_owned()),
        }
    }

    async fn peer_call(&mut self, step: &Step, method: &str) -> Result<(), String> {
        let connection = self.player(step).peer.as_ref().ok_or("no peer")?.connection.clone();
        let answer =
            call(connection, None, "/", (TRANSACTION, method), Body::default()).await.map_err(|error| error.1)?;
        let recorded = step.reply.as_ref().and_then(serde_json::Value::as_bool);
        let came = answer.first().and_then(Data::as_bool);
        if recorded != came {
            return Err(format!("{method}: recorded {recorded:?}, came {came:?}"));
        }
        if came == Some(true) {
            self.starter.clone_from(&step.client);
            self.begun = true;
            for early in std::mem::take(&mut self.early) {
                self.signal(early).await?;
            }
        }
        Ok(())
    }

    /// Hangs up. What goes on without a listener may say what it likes.
    async fn close(&mut self, place: usize, step: &Step) -> Result<(), String> {
        let link = self.player(step).peer.take().ok_or("no peer")?;
        let rest = link.rest();
        if !rest.is_empty() {
            return Err(format!("{rest:?} came too"));
        }
        link.close().await;
        if step.client == self.starter {
            let finished = |known: &Step| {
                known.client == step.client
                    && known.peer_signal.as_ref().is_some_and(|signal| signal.name == "Finished")
            };
            let connected = self.recording.steps[..place]
                .iter()
                .rposition(|known| known.client == step.client && known.peer_connect.is_some());
            if !self.recording.steps[connected.unwrap_or_default()..place].iter().any(finished) {
                self.allow(1000).await;
            }
            self.starter.clear();
        }
        Ok(())
    }

    /// What was said before it died was on its way: it is asked for first.
    async fn kill(&mut self, place: usize) -> Result<(), String> {
        let steps = &self.recording.steps[place..];
        let gone = steps.iter().position(|step| step.peer_disconnected.is_some()).unwrap_or_default() + place;
        for at in place..gone {
            if self.recording.steps[at].peer_signal.is_some() {
                self.signal(at).await?;
                self.done.push(at);
            }
        }
        let dbus = "org.freedesktop.DBus";
        let body = Body(vec![Data::text(NAME)]);
        let connection = self.control.connection.clone();
        let pid =
            call(connection, Some(dbus), "/org/freedesktop/DBus", (dbus, "GetConnectionUnixProcessID"), body).await;
        let pid = pid.map_err(|error| error.1)?[0].as_number().unwrap();
        let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).map_err(|error| error.to_string())
    }

    /// `ostree admin pin [-u] INDEX`, with the demo's own command.
    fn run(&self, script: &str) -> Result<(), String> {
        let rest = script.strip_prefix("ostree admin pin ").ok_or_else(|| format!("{script} is not known"))?;
        let (verb, index) = rest.strip_prefix("-u ").map_or(("pin", rest), |index| ("unpin", index));
        let mut command = Command::new(env!("CARGO_BIN_EXE_strata-demo"));
        command.args(["system", verb, index]).env("DBUS_SYSTEM_BUS_ADDRESS", &self.address);
        let done = command.status().map_err(|error| error.to_string())?;
        if done.success() { Ok(()) } else { Err(format!("{script}: {done}")) }
    }
}
