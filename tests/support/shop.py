"""The world most tests of the public eye use: the zone shop.example on two servers, without and with
the token, and ways to look at it that share no code with dcvtools."""
import json
import subprocess

from real_lab import program

APEX = "shop.example."
TOKEN = "_acme-challenge.app.shop.example"
VALUE = "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo"
OLD = "gfj9Xq8Rg85nM1C2cJ0dN3s0PZ0b2aT4hEYV5rDk7wM"
SECOND = "kzRoDJwt4V_nW5O1sBqg0dE3Yx7mCfLZvPa9TuKi8Hs"  # of another challenge in the same order
NS1, NS2 = "ns1.shop.example", "ns2.shop.example"
SERVERS = [
    {"name": NS1, "addresses": ["45.90.28.10", "2a07:a8c0::10"], "zones": ["shop.example"]},
    {"name": NS2, "addresses": ["45.90.30.10", "2a07:a8c1::10"], "zones": ["shop.example"]},
]

# A server that nobody asks: it has the zone as it will be later, signed with the same key.
LATER = {"name": "later.shop.example", "addresses": ["45.90.31.10"], "zones": ["shop.example:later"]}
SIGNED = {".": "good", "example": "good", "shop.example": "good"}


def record(value=VALUE, ttl=60, name=TOKEN):
    return f'{name}. {ttl} IN TXT "{value}"'


def zone(*lines, minimum=300, serial=1):
    """The text of shop.example; `minimum` is the TTL of denials."""
    return f"""$TTL 3600
@ 3600 IN SOA ns1 hostmaster ( {serial} 7200 3600 1209600 {minimum} )
@ IN NS ns1
@ IN NS ns2
ns1 IN A 45.90.28.10
ns1 IN AAAA 2a07:a8c0::10
ns2 IN A 45.90.30.10
ns2 IN AAAA 2a07:a8c1::10
@ IN A 45.90.29.80
app IN A 45.90.29.81
""" + "".join(f"{line}\n" for line in lines)


def registry(*lines):
    """The text of the registry example, which delegates what the lines say and nothing else."""
    return """$TTL 3600
@ 900 IN SOA a.nic hostmaster.nic ( 2026112100 1800 900 604800 900 )
@ IN NS a.nic
@ IN NS b.nic
a.nic IN A 194.0.25.29
a.nic IN AAAA 2001:678:20::29
b.nic IN A 185.38.108.108
b.nic IN AAAA 2a01:618:404::1
""" + "".join(f"{line}\n" for line in lines)


def ask(address, name=TOKEN, qtype="TXT", *options):
    """What kdig is told, as its JSON; None when no usable answer came."""
    ran = subprocess.run([program("kdig"), f"@{address}", name, qtype, "+json", "+timeout=3",
                          "+retry=0", *options], capture_output=True, text=True)
    try:
        reply = json.loads(ran.stdout)
    except ValueError:
        return None
    return reply if "RCODE" in reply else None


def values(address, name=TOKEN, *options):
    """The values of the TXT records told; None when no usable answer came."""
    reply = ask(address, name, "TXT", *options)
    if reply is None:
        return None
    return sorted(r["rdataTXT"].strip('"') for r in reply.get("answerRRs", []) if "rdataTXT" in r)
