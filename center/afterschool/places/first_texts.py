"""The centre's first texts of what guardians and collectors agree to, until the director publishes others."""

from collections.abc import Mapping

from center.afterschool.models.consents import Purpose
from center.afterschool.retention_kinds import BY_CODE, YEAR

# What is promised is the most that the director can set, so it holds however the periods are set.
HEALTH, PHOTO, COLLECTOR = (BY_CODE[each].most for each in ("health_notes", "child_photos", "collector_photos"))  # days
LEAST, MOST = (number // YEAR for number in (BY_CODE["custody"].least, BY_CODE["custody"].most))

FIRST: Mapping[Purpose, tuple[str, str]] = {
    Purpose.CARE: (
        "我同意社区活动中心在四点半学校的日子里照看孩子：从学校接到中心（如需要），在托管室照看，直到交给我指定的人、"
        "孩子按约定自行回家，或移交校车。\n"
        "中心记录孩子每一刻由谁照看、谁在何时把孩子交给了谁；只有当天值班人员、监护人和经主任批准的人能看到。"
        f"孩子离开四点半学校后，由谁照看的记录保存{LEAST}到{MOST}年，之后删除，只留下没有姓名的数字。\n"
        "我可以随时收回同意；收回之日起名额结束。",
        "I agree that the community centre looks after the child on the days of the after-school programme: fetches "
        "the child from school where that is agreed, looks after the child in its room, and hands the child to "
        "somebody whom I have named, lets the child walk home as agreed, or hands the child over to the school bus.\n"
        "The centre writes down who looks after the child at every moment, and to whom the child was handed when; only "
        "staff on duty that day, the guardians, and whom the director lets can see it. Who held the child is kept "
        f"from {LEAST} to {MOST} years after the child leaves us, then deleted; numbers without names remain.\n"
        "I can take this back at any time; the place ends on that day.",
    ),
    Purpose.COLLECTOR_PHOTO: (
        "我同意社区活动中心保存一张我的照片，只用于我来接孩子时让值班人员认出我。不做人脸识别，不公开，不用于宣传。\n"
        "照片加密保存，只有当天值班人员、孩子的监护人和经主任批准的人能看到，每次查看都有记录。"
        f"我不再是接送人时删除；孩子离开四点半学校后{COLLECTOR}天内也会删除。\n"
        "不同意也可以接孩子，由值班人员用其他方式核对。我可以随时通过孩子的监护人或在前台收回同意；收回后立即删除。",
        "I agree that the community centre keeps one photo of me, so that staff on duty recognise me when I collect "
        "the child, and for nothing else: no face recognition, nothing public, no advertising.\n"
        "It is kept encrypted; only staff on duty that day, the child's guardians, and whom the director lets see it, "
        "and each look is written down. It is deleted when I no longer collect the child, and within "
        f"{COLLECTOR} days after the child leaves the programme.\n"
        "Without it I may collect the child all the same: staff make sure in another way. I can take this back at any "
        "time, by a guardian of the child or at the desk; then it is deleted at once.",
    ),
    Purpose.HEALTH: (
        "我同意中心保存孩子的健康提示（过敏、慢性病、需要注意的事及处理方法），让值班人员知道该怎么做。\n"
        f"内容加密保存，只有当天值班人员和监护人能看到，每次查看都有记录。孩子离开四点半学校后{HEALTH}天内删除。\n"
        "我可以随时收回同意；收回后立即删除。",
        "I agree that the centre keeps what is to be known of the child's health (allergies, illnesses, what to watch "
        "for and what to do), so that staff on duty know how to act.\n"
        "It is kept encrypted; only staff on duty that day and the guardians see it, and each look is written down. It "
        f"is deleted within {HEALTH} days after the child leaves the programme.\n"
        "I can take this back at any time; then it is deleted at once.",
    ),
    Purpose.PHOTOS: (
        "我同意中心保存一张孩子的照片，只用于交接时认出孩子。不做人脸识别，不公开，不用于宣传。\n"
        f"照片加密保存，孩子离开四点半学校后{PHOTO}天内删除。我可以随时收回同意；收回后立即删除。",
        "I agree that the centre keeps one photo of the child, to recognise the child when it is handed over, and for "
        "nothing else: no face recognition, nothing public, no advertising.\n"
        f"It is kept encrypted, and deleted within {PHOTO} days after the child leaves the programme. I can take this "
        "back at any time; then it is deleted at once.",
    ),
    Purpose.WALKING_ALONE: (
        "我同意孩子在我写明的日子和时间自己走回家。孩子离开托管室时，中心记录时间并通知我；从那时起由监护人负责。\n"
        "我可以随时收回同意；收回后孩子只能由指定的人接走。",
        "I agree that the child walks home alone on the days and at the time that I write down. When the child leaves "
        "the room, the centre writes down the time and tells me; from then on the guardians are responsible.\n"
        "I can take this back at any time; then the child leaves only with somebody who was named.",
    ),
}
