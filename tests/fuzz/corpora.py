"""The corpora of the fuzz targets: a tar file a target, since hundreds of small files are one thing."""
import io
import pathlib
import tarfile

FOLDER = pathlib.Path(__file__).resolve().parent
REGRESSIONS = FOLDER / "regressions"  # one folder a target; inputs that once did harm, as they are


def archive(target):
    return FOLDER / "corpus" / f"{target}.tar.xz"


def unpack(target, folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive(target)) as tar:
        for member in tar:
            (folder / pathlib.Path(member.name).name).write_bytes(tar.extractfile(member).read())


def pack(target, folder):
    """The same files make the same archive."""
    archive(target).parent.mkdir(exist_ok=True)
    with tarfile.open(archive(target), "w:xz") as tar:
        for path in sorted(folder.iterdir()):
            member = tarfile.TarInfo(path.name)
            member.size = path.stat().st_size
            tar.addfile(member, io.BytesIO(path.read_bytes()))
