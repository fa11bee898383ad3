"""What templates use of people."""

from center.people import browsers, phones, rules
from center.web.blueprints import people as blueprint

blueprint.add_app_template_filter(phones.mask, "masked")
blueprint.add_app_template_filter(browsers.name_of, "browser")
blueprint.add_app_template_filter(rules.name_of_role, "role_name")
blueprint.add_app_template_global(rules.is_current, "is_current")
