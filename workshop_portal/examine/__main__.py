"""`python -I workshop_portal/examine` starts the examiner, see `server`."""

import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
# Its modules keep their names, but the portal's own start, which loads Celery, is left out.
sys.path.remove(str(HERE))
portal = ModuleType("workshop_portal")
portal.__path__ = [str(HERE.parent)]
sys.modules["workshop_portal"] = portal

from workshop_portal.examine.server import serve  # noqa: E402

serve()
