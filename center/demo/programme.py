"""What the demonstrated centre's activities are: the timetable's titles with what people read of them, and a few more.

Pure. The timetable says when and where; what is not in it names its own days.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from center.signups.models import Mode, PoolKind

PAST_DAYS, COMING_DAYS = 14, 21  # the month around today in which the timetable is activities


@dataclass(frozen=True, kw_only=True)
class Programme:
    """One activity. `places` are its pools; without any it needs no sign-up."""

    title: str
    title_en: str
    slug: str
    kind: str
    summary: str
    summary_en: str
    places: Sequence[tuple[PoolKind, int]] = ()
    mode: Mode = Mode.FIRST_COME
    is_course: bool = False  # one roster for all of it
    for_children: bool = False
    from_age: int | None = None
    busy: float = 0.7  # how many of the places ahead are taken
    bring: str = ""
    access: Sequence[str] = ("is_step_free",)


@dataclass(frozen=True, kw_only=True)
class Extra(Programme):
    """An activity that is not in the timetable, at a place of its own."""

    organisation: str
    place: str
    place_en: str
    ahead: int  # days
    hours: tuple[int, int] = (9, 11)
    state: str = "published"
    reason: str = ""


G, E, D, W, C = PoolKind.GENERAL, PoolKind.ELDERS, PoolKind.DESK, PoolKind.WHEELCHAIR, PoolKind.COMPANION

FROM_TIMETABLE: Sequence[Programme] = (
    Programme(title="象棋角", title_en="Chess corner", slug="chess-corner",
              kind="讲座",
              summary="随到随下，有人教。", summary_en="Come and play; somebody teaches."),
    Programme(title="书画会友", title_en="Painting with friends", slug="painting-with-friends",
              kind="课程",
              summary="带一张纸，写写画画。", summary_en="Bring a sheet of paper, write and paint.",
              places=((G, 14), (E, 6), (D, 4)), busy=0.6, bring="毛笔、宣纸"),
    Programme(title="读书会", title_en="Reading circle", slug="reading-circle",
              kind="讲座",
              summary="每周读一篇，一起聊。", summary_en="A text a week, and talk about it.",
              places=((G, 15), (D, 5)), busy=0.4),
    Programme(title="剪纸公益课", title_en="Paper-cutting class", slug="paper-cutting-class",
              kind="课程",
              summary="从窗花学起，工具都有。", summary_en="Beginning with window flowers; tools are there.",
              places=((G, 16),), is_course=True, busy=1.0, bring="老花镜"),
    Programme(title="亲子剪纸", title_en="Paper-cutting for families", slug="families-cut-paper",
              kind="亲子",
              summary="大人孩子一起剪。", summary_en="Grown-ups and children together.",
              places=((G, 14),), for_children=True, busy=0.7),
    Programme(title="合唱排练", title_en="Choir rehearsal", slug="choir-rehearsal",
              kind="排练",
              summary="夕阳红合唱队每周排练。", summary_en="The Evening Glow Choir's weekly rehearsal.",
              places=((G, 45),), mode=Mode.MEMBERS_ONLY, is_course=True, busy=0.2),
    Programme(title="为盲人讲电影", title_en="Films told for the blind", slug="told-films",
              kind="电影",
              summary="一边放一边讲，陪同席另留。", summary_en="Told while it runs; seats for companions are kept.",
              places=((G, 22), (W, 4), (D, 4), (C, 8)), busy=0.8,
              access=("is_step_free", "is_narrated", "has_companion_seats", "has_pick_up")),
    Programme(title="助残手工坊", title_en="Crafts for all hands", slug="crafts-for-all",
              kind="手工",
              summary="慢慢做，有志愿者搭手。", summary_en="At your own pace, with volunteers to lend a hand.",
              places=((G, 14), (W, 4), (C, 6)), busy=0.5, access=("is_step_free", "has_companion_seats")),
    Programme(title="周六托管·科学小实验", title_en="Saturday science for children", slug="saturday-science",
              kind="亲子",
              summary="孩子做实验，家长可以放心去忙。", summary_en="Children experiment, parents get things done.",
              places=((G, 30),), for_children=True, busy=0.5),
    Programme(title="义诊日", title_en="Free clinic", slug="free-clinic",
              kind="义诊",
              summary="量血压、测血糖、看慢病。", summary_en="Blood pressure, blood sugar, lasting illnesses.",
              places=((G, 40), (E, 30), (D, 10)), busy=0.5, bring="病历本"),
    Programme(title="智能手机课", title_en="Smartphone class", slug="smartphone-class",
              kind="课程",
              summary="小班，先照顾第一次来的老人。", summary_en="A small class; elders who are new come first.",
              places=((G, 12),), mode=Mode.APPROVAL, from_age=55, busy=0.5, bring="自己的手机"),
    Programme(title="便民义修", title_en="Mending day", slug="mending-day",
              kind="志愿服务",
              summary="修电器、磨刀、补鞋，随到随修。", summary_en="Appliances, knives, shoes: just come."),
    Programme(title="“友好楼栋”议事会", title_en="Council of friendly buildings", slug="friendly-buildings",
              kind="议事",
              summary="楼里的事一起商量。", summary_en="What concerns the buildings, talked over together.",
              places=((G, 30), (D, 10)), busy=0.4),
    Programme(title="“社区我的家”恳谈会", title_en="Our estate, our home", slug="our-estate",
              kind="议事",
              summary="街道和社区来听意见。", summary_en="Subdistrict and community come to listen.",
              places=((G, 40), (D, 10)), busy=0.4),
    Programme(title="环保讲堂", title_en="Green lectures", slug="green-lectures",
              kind="讲座",
              summary="垃圾怎么分，阳台怎么种。", summary_en="How to sort waste and grow vegetables.",
              places=((G, 40),), busy=0.35),
)  # fmt: skip

EXTRA: Sequence[Extra] = (
    Extra(title="东湖绿道慢慢走", title_en="A slow walk by the East Lake", slug="east-lake-walk",
              kind="外出", organisation="sunshine-home",
          place="东湖绿道白马驿站", place_en="Baima station of the East Lake greenway", ahead=8,
          hours=(9, 12),
          summary="轮椅能走的一段，中巴接送。", summary_en="The stretch for wheelchairs; a minibus takes us.",
          places=((G, 12), (W, 4), (C, 8)), busy=0.9, bring="水杯、常用药",
          access=("is_step_free", "has_companion_seats", "has_pick_up")),
    Extra(title="湖北大鼓露天听", title_en="Drum ballads in the open", slug="drums-in-the-open",
              kind="演出",
          organisation="red-culture-troupe", place="青和居中心广场", place_en="The square of the estate", ahead=12,
          hours=(15, 16), summary="新编《老街坊》首唱。", summary_en="The first night of “Old Neighbours”."),
    Extra(title="冬季养生讲座", title_en="Keeping well in winter", slug="well-in-winter",
              kind="讲座",
          organisation="kangle-health", place="青和居中心广场", place_en="The square of the estate", ahead=4,
          summary="请区医院的大夫来讲。", summary_en="A doctor of the district hospital speaks.",
          places=((G, 40), (E, 20)), busy=0.3, state="cancelled", reason="大夫当天出诊，改期另行通知"),
    Extra(title="大鼓公开课", title_en="Open drum lesson", slug="open-drum-lesson",
              kind="课程",
          organisation="red-culture-troupe", place="青和居中心广场", place_en="The square of the estate", ahead=18,
          hours=(14, 16), summary="", summary_en="", state="returned", reason="请写一句介绍，并说明鼓由谁提供"),
    Extra(title="春节联欢鼓队专场", title_en="Drums for Spring Festival", slug="drums-for-new-year",
              kind="演出",
          organisation="red-culture-troupe", place="", place_en="", ahead=25, hours=(14, 16),
          summary="节目单还在排。", summary_en="The programme is still being made.", state="draft"),
    Extra(title="鼓队志愿慰问", title_en="The troupe visits elders", slug="troupe-visits",
              kind="志愿服务",
          organisation="red-culture-troupe", place="3栋架空层", place_en="Ground floor of building 3", ahead=16,
          summary="到楼下给老人唱几段。", summary_en="A few songs downstairs for the elders.", state="submitted"),
)  # fmt: skip

BY_TITLE = {each.title: each for each in FROM_TIMETABLE}
