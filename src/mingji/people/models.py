"""Members, teams, dated postings and reporting lines, duties, and the login."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mingji.rules.text import Text


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A login; without a password nobody can sign in with it until one is set."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A login: how a person signs in and how they like to read. Rights come from the member."""

    email = models.EmailField(_("e-mail"), unique=True)
    member = models.OneToOneField(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="user"
    )
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=5, blank=True, default="")
    density = models.CharField(max_length=11, blank=True, default="")
    # Whether what waits is told by e-mail: `off`, or anything else for yes.
    reminders = models.CharField(max_length=3, blank=True, default="")
    # The part that this login plays in the demo (`director`, `lead` …); blank everywhere else.
    persona = models.CharField(max_length=20, blank=True, default="")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.email


class Team(models.Model):
    """A team; a department is a team with teams below it."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @property
    def known_as(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name_zh, en=self.name_en)


class Member(models.Model):
    """A person who is appraised or appraises. Post, team and manager are dated: see `Posting`."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    # Pinyin with surname readings: databases sort Chinese names by code point or wrongly.
    name_sort = models.CharField(max_length=160, db_index=True)
    # Name, pinyin, initials and English name, by which a person is looked up.
    name_search = models.CharField(max_length=400, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    hired_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name_sort", "id")

    def __str__(self) -> str:
        return self.code

    @property
    def known_as(self) -> Text:
        """The name in both languages."""
        return Text(zh=self.name, en=self.name_en)


class Posting(models.Model):
    """Where a member worked, as what and for whom, from `starts_on` up to before `ends_on`."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="postings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="postings")
    manager = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="managed_postings"
    )
    job_family = models.CharField(max_length=8)
    level = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=80, blank=True, default="")
    title_en = models.CharField(max_length=80, blank=True, default="")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("member_id", "starts_on")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="posting_ends_after_it_starts",
            ),
            models.UniqueConstraint(fields=("member", "starts_on"), name="posting_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} @ {self.team_id} {self.starts_on}"


class ReportingLine(models.Model):
    """`manager` stood above `member`, at `depth` steps, from `starts_on` up to before `ends_on`.

    The closure of the manager column of `Posting`, rebuilt by `actions.rebuild_reporting_lines`,
    so that "is in my chain" is one indexed look-up instead of a walk.
    """

    manager = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="lines_down")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="lines_up")
    depth = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=("manager", "member", "starts_on"))]

    def __str__(self) -> str:
        return f"{self.manager_id} > {self.member_id}"


class Duty(models.Model):
    """A task that gives rights: HR partner of a team and all below it, or data analyst."""

    class Kind(models.TextChoices):
        HR_PARTNER = "hr_partner", _("HR partner")
        ANALYST = "analyst", _("data analyst")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="duties")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.team_id}"


class FailedSignIn(models.Model):
    """A sign-in that failed, kept for as long as it counts against further tries."""

    email = models.CharField(max_length=254)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("address", "at"))]

    def __str__(self) -> str:
        return f"{self.email} {self.at}"


class ApiToken(models.Model):
    """A key by which a program acts for a person. The secret itself is told once and not kept.

    `prefix` is the public part by which it is looked up, `digest` the SHA-256 of the whole: the
    secret is 256 random bits, so nothing slower is needed. It works up to and on `expires_on`.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    writes = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_on = models.DateField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.prefix

    def works_on(self, day: date) -> bool:
        """Whether it opens anything on a day."""
        return self.revoked_at is None and day <= self.expires_on
