"""What a browser calls itself, said so that its owner recognises it. Pure."""

PROGRAMS = (
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
MACHINES = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """Such as "WeChat · Android"; the beginning of what it says where nothing in it is known."""
    program = next((name for mark, name in PROGRAMS if mark in user_agent), "")
    machine = next((name for mark, name in MACHINES if mark in user_agent), "")
    return " · ".join(filter(None, (program, machine))) or user_agent[:40] or "?"
