"""Forms with every kind of field, empty and wrong."""

from typing import Any

from django import forms

from aftersales import widgets

PLANS = [("a", "寄件自换"), ("b", "电话指导"), ("c", "上门服务")]


class Plan(forms.Form):
    plan_type = forms.ChoiceField(
        label="方案",
        choices=PLANS,
        widget=widgets.TapCards(
            hints={"a": "寄配件,客户自己更换", "b": "电话里指导解决", "c": "预约后到现场"}
        ),
    )
    cause = forms.CharField(label="初步原因", widget=forms.Textarea, help_text="写清判断依据,章程 4.4。")
    appointment = forms.DateTimeField(label="预约时间", widget=widgets.Moment(), required=False)
    damage = forms.ChoiceField(label="人为与否", choices=[("", "待定"), ("n", "非人为")], required=False)
    told = forms.BooleanField(label="方案已告知客户", help_text="电话或当面,以客户听懂为准。")


class Report(forms.Form):
    contact = forms.CharField(label="怎么称呼您")
    phone = forms.CharField(label="手机号码", help_text="我们用它联系您,不作他用。")
    drivable = forms.ChoiceField(
        label="车还能开吗",
        choices=[("y", "能开"), ("p", "能动,有问题"), ("n", "不能开")],
        widget=widgets.TapCards,
    )
    symptom = forms.CharField(label="车出了什么问题", widget=forms.Textarea, help_text="用您自己的话说就行。")
    plate = forms.CharField(label="车牌或自编号", required=False)
    photos = forms.FileField(label="照片", widget=widgets.Photos(), required=False)
    signature = forms.CharField(label="签名", widget=widgets.Signature(), required=False)


class Filter(forms.Form):
    stage = forms.ChoiceField(label="阶段", choices=[("", "全部"), ("a", "已转交")], required=False)
    department = forms.ChoiceField(label="部门", choices=[("", "全部"), ("a", "客服")], required=False)
    engineer = forms.ChoiceField(label="售后人员", choices=[("", "全部"), ("a", "陈建国")], required=False)
    overdue = forms.BooleanField(label="只看超期", required=False)


def samples() -> dict[str, Any]:
    """The forms that the pages show, by name."""
    wrong = Report({"contact": "刘师傅", "phone": "13812", "drivable": "p", "symptom": ""})
    wrong.add_error("phone", "这个号码打不通,例如 138 1234 5678。")
    return {
        "plan": Plan(),
        "plan_wrong": Plan({"plan_type": "c", "cause": "", "appointment": "2026-13-01"}),
        "report": Report(),
        "report_wrong": wrong,
        "filter": Filter({"stage": "a"}),
    }
