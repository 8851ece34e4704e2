"""Every address of the product (design §8). Each app keeps its own pages in its urls.py."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

import assessments.api
import patrols.api
import villages.api
from xinjin import views
from xinjin.accounts.views import SignInView

api = DefaultRouter()
api.include_root_view = False
for routes in (villages.api.ROUTES, patrols.api.ROUTES, assessments.api.ROUTES):
    for prefix, viewset in routes:
        api.register(prefix, viewset)

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", SignInView.as_view(), name="sign_in"),
    path("sign-out/", login_not_required(LogoutView.as_view()), name="sign_out"),
    path("", include("xinjin.preferences")),
    path("", include("xinjin.jobs.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("xinjin.lists.urls")),
    path("", include("villages.urls")),
    path("", include("patrols.urls")),
    path("", include("assessments.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include(api.urls)),
]
