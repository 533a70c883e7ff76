#!/usr/bin/env sh
# A DNS API of acme.sh (~/.acme.sh/dnsapi/dns_dcv.sh, then --dns dns_dcv --dnssleep 1): publishes
# the record, then waits until all its servers have it.
# PUBLISH  a command that takes: add|remove NAME VALUE (default: publish-nsupdate on the PATH)
# WAIT     how long at most (default: 10m)

dns_dcv_add() {
  "${PUBLISH:-publish-nsupdate}" add "$1." "$2" || return 1
  dcv-propagation --wait "${WAIT:-10m}" --type TXT --expect="$2" "$1" >&2
}

dns_dcv_rm() {
  "${PUBLISH:-publish-nsupdate}" remove "$1." "$2"
}
