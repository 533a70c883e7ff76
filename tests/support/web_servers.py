"""Real web servers for a Lab: nginx that serves the proofs of http-01."""
import subprocess

from real_lab import program

CHALLENGES = "/.well-known/acme-challenge/"
FILES = f"location {CHALLENGES} {{ root %(www)s; default_type text/plain; }}"


class Nginx:
    """One nginx that owns the addresses, with the given server blocks; %(www)s in them is the folder
    that is served."""

    name = "nginx"

    def __init__(self, lab, addresses, *servers):
        self.folder = lab.new_folder("nginx")
        self.www = self.folder / "www"
        (self.www / CHALLENGES.strip("/")).mkdir(parents=True)
        subprocess.run([program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=nobody",
                        "-keyout", "tls.key", "-out", "tls.pem"], check=True, capture_output=True,
                       cwd=self.folder)
        blocks = "\n".join(f"server {{ {server % {'www': self.www}} }}" for server in servers)
        temporary = "\n".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in
                              ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.config = self.folder / "nginx.conf"
        self.config.write_text(f"""daemon off;
pid {self.folder}/pid;
user root;
worker_processes 1;
error_log stderr;
events {{ }}
http {{
access_log {self.folder}/access.log;
{temporary}
ssl_certificate {self.folder}/tls.pem;
ssl_certificate_key {self.folder}/tls.key;
{blocks}
}}
""")
        self.addresses = addresses
        lab.launch(self)
        lab.wait_until_up(self)

    def command(self):
        return [program("nginx"), "-p", str(self.folder), "-c", str(self.config)]

    def is_up(self):
        return (self.folder / "pid").exists()

    def put(self, proof, content=None):
        """The file of this proof, as it should be or with another content."""
        token = proof.split(".")[0]
        (self.www / CHALLENGES.strip("/") / token).write_text(content or proof)


def listening(*addresses, port=80):
    tls = " ssl" if port == 443 else ""
    return " ".join(f"listen {f'[{a}]' if ':' in a else a}:{port}{tls};" for a in addresses)
