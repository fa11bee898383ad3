"""The demonstration's cover photos: drawn, of nobody: hills, paper flowers, a screen."""

from pathlib import Path

from sqlalchemy import select

from center.activities.models import Activity
from center.activities.photos.actions import new_photo
from center.activities.photos.images import draw
from center.demo.scene import Scene
from center.demo.source import centre

PICTURES = Path(__file__).with_name("cover_pictures")


def add_covers(scene: Scene) -> None:
    """Give some of the activities a cover."""
    covers = centre()["covers"]
    for activity in scene.session.scalars(select(Activity).where(Activity.slug.in_(covers)).order_by(Activity.id)):
        picture = draw((PICTURES / f"{activity.slug}.webp").read_bytes())
        known = {"added_by_id": activity.created_by_id, "added_at": min(activity.changed_at, scene.now)}
        scene.session.add(new_photo(activity, picture, **covers[activity.slug], **known))
    scene.session.flush()
