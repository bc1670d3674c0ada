# Waits until the maker of the world is gone, then ends what runs in the world and removes it.
# $1: the world's folder; every process of the world has it in its environment. $2: keep | remove
trap '' INT TERM HUP
read -r _
members() { grep -lzFx "STRATA_WORLD=$1" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
signal=TERM
for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
    pids=$(members "$1")
    [ -n "$pids" ] || break
    # shellcheck disable=SC2086
    kill -s "$signal" $pids 2>/dev/null
    sleep 0.1
    [ "$try" != 8 ] || signal=KILL
done
[ "$2" = keep ] || rm -rf -- "$1"
