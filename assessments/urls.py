"""The pages of this app. Names of acts contain a hyphen, which no officer's number does."""

from django.urls import path

from assessments.views import bulletins, month_actions, months, scorecards

urlpatterns = [
    path("assessments/", months.month_list, name="month_list"),
    path("assessments/<str:key>.<slug:file_format>", months.month_download, name="month_download"),
    path("assessments/<str:key>/", months.month_detail, name="month_detail"),
    path("assessments/<str:key>/open-month/", month_actions.month_open, name="month_open"),
    path("assessments/<str:key>/leader-comments/", month_actions.month_comments, name="month_comments"),
    path("assessments/<str:key>/same-comment/", month_actions.month_comment_rest, name="month_comment_rest"),
    path("assessments/<str:key>/sign-month/", month_actions.month_sign, name="month_sign"),
    path("assessments/<str:key>/lock-month/", month_actions.month_lock, name="month_lock"),
    path("assessments/<str:key>/return-month/", month_actions.month_return, name="month_return"),
    path("assessments/<str:key>/<str:number>/", scorecards.scorecard, name="scorecard"),
    path("assessments/<str:key>/<str:number>/trend.svg", scorecards.trend, name="score_trend"),
    path("assessments/<str:key>/<str:number>/<str:code>/", scorecards.evidence, name="evidence"),
    path("bulletins/", bulletins.bulletin_list, name="bulletin_list"),
    path("bulletins/<str:key>.<slug:file_format>", bulletins.bulletin_download, name="bulletin_download"),
    path("bulletins/<str:key>/", bulletins.bulletin_detail, name="bulletin_detail"),
    path("bulletins/<str:key>/draw-up/", bulletins.bulletin_draw_up, name="bulletin_draw_up"),
    path("bulletins/<str:key>/issue/", bulletins.bulletin_issue, name="bulletin_issue"),
]
