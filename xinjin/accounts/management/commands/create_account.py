import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from xinjin.accounts.models import User
from xinjin.accounts.rights import grant_role, save_user
from xinjin.accounts.roles import Role


class Command(BaseCommand):
    help = "Makes an account with one role, such as the first of an empty database; asks for the password or reads it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("username", help="police or auxiliary number")
        parser.add_argument("name", help="the person's name")
        parser.add_argument("--role", choices=Role.values, default=Role.SECURITY_ADMIN.value)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User(username=options["username"], display_name=options["name"])
        password = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, user)
            user.set_password(password)
            with transaction.atomic():
                save_user(user, by=None)
                grant_role(by=None, user=user, role=options["role"], reason="create_account")
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user} may sign in")
