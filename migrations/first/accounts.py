"""Accounts: signing in, codes, second factors, and whom an account was matched with."""

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, String, Text, false

from migrations.first.columns import Moment, check, in_key, index, key, one_of, optional, required, table, to, unique

table(
    "sign_in_attempts",
    key(),
    required("login", String(64)),
    required("source", String(80)),
    required("at", Moment),
    required("succeeded", Boolean),
    index("ix_sign_in_attempts_login_at", "login", "at"),
    index("ix_sign_in_attempts_source_at", "source", "at"),
)

table(
    "accounts",
    key(),
    required("person_id", to("people")),
    required("login", String(40)),
    required("password_hash", String(200)),
    optional("password_tag", Integer),
    required("password_changed_at", Moment),
    required("created_at", Moment),
    optional("confirmed_at", Moment),
    optional("confirmed_by_id", to("people")),
    optional("disabled_at", Moment),
    required("disabled_reason", String(200)),
    optional("locale", String(8)),
    optional("elder_mode", Boolean),
    unique("login"),
    unique("person_id"),
)

table(
    "claim_codes",
    key(),
    required("person_id", to("people", ondelete="CASCADE")),
    required("code_hash", String(64)),
    required("issued_by_id", to("people")),
    required("issued_at", Moment),
    required("expires_at", Moment),
    optional("used_at", Moment),
    unique("code_hash"),
    index("ix_claim_codes_person_id", "person_id"),
)

table(
    "account_matches",
    key(),
    required("account_id", to("accounts", ondelete="CASCADE")),
    required("double_id", to("people", ondelete="CASCADE")),
    required("person_id", to("people", ondelete="CASCADE")),
    required("matched_at", Moment),
    required("matched_by_id", to("people")),
    optional("undone_at", Moment),
    optional("undone_by_id", to("people")),
    required("kept", Text),
    index("ix_account_matches_account_id", "account_id"),
    index("ix_account_matches_matched_at", "matched_at"),
    index("ix_account_matches_person_id", "person_id"),
)

table(
    "user_sessions",
    key(),
    required("token_hash", String(64)),
    required("account_id", to("accounts", ondelete="CASCADE")),
    required("created_at", Moment),
    required("seen_at", Moment),
    required("proved_at", Moment),
    optional("second_at", Moment),
    required("is_kept", Boolean, server_default=false()),
    optional("ended_at", Moment),
    required("address", String(64)),
    required("browser", String(200)),
    unique("token_hash"),
    index("ix_user_sessions_account_id", "account_id"),
)

table(
    "passkeys",
    key(),
    required("account_id", to("accounts", ondelete="CASCADE")),
    required("credential_id", String(1400)),
    required("public_key", LargeBinary),
    required("sign_count", BigInteger),
    required("site_name", String(253)),
    required("name", String(40)),
    required("made_at", Moment),
    optional("used_at", Moment),
    check("sign_count", "sign_count >= 0"),
    unique("credential_id"),
    index("ix_passkeys_account_id", "account_id"),
)

table(
    "recovery_codes",
    key(),
    required("account_id", to("accounts", ondelete="CASCADE")),
    required("code_hash", String(64)),
    required("made_at", Moment),
    optional("used_at", Moment),
    unique("code_hash"),
    index("ix_recovery_codes_account_id", "account_id"),
)

table(
    "second_factors",
    in_key("account_id", to("accounts", ondelete="CASCADE")),
    required("nonce", String(40)),
    required("last_step", Integer),
    required("set_up_at", Moment),
)

table(
    "passkey_challenges",
    in_key("session_id", to("user_sessions", ondelete="CASCADE")),
    in_key("ceremony", one_of("passkey_ceremony", "give prove register")),
    required("challenge", LargeBinary),
    required("expires_at", Moment),
)
