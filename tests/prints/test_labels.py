"""Paper bears the charter's own words: each label of tools/glossary_prints.csv stands so in the catalogue and on its form."""

import csv
from pathlib import Path

import pytest
from django.utils import translation

from .conftest import flat, text_of

GLOSSARY = Path(__file__).resolve().parents[2] / "tools/glossary_prints.csv"
RULED = {
    "9.1": "记录编号 报修单编号 报修渠道 官网 电话 销售转报 客户告知时间 转报销售 接收时间 受理/收集时间 收集批次 受理客服 客户/单位 联系人 备用 车辆所在地 "
    "车型 VIN/车架号 车牌/自编号 购车/交车日期 里程/工时 故障现象 发生时间/工况 能否行驶 已自行排故 照片视频 紧急程度 历史单提示 转交售后 转交时间 完成时间 销单人 客服确认",
    "9.2": "报修单编号 来源记录 客户/单位 联系人 电机/电池/控制器号 起算日 到期 保内/外 首次联系 故障确认 初步原因 人为 非人为 待定 判定人/证据 寄件自换 电话指导 上门 "
    "方案说明 制定时间 客户同意自换 装配要点 后果告知 预约时间 编码 名称 规格 单位 数量 单价 金额 总成否 小件 大配件 易损 收费性质 三包/收费/待旧件 应回收/免回收 免回收理由 "
    "新识别码 旧识别码 领用 出库/出借 出库/出借单号 发料人时 旧件签收人时 未用退库 应收 已收 收款日期/方式 签认人 意见 收据号 依据 付款人 合计 先发同意人 约定付款日 出行方式 审批人 "
    "到达 离开 维修内容 结果 完成时间 客户签字 报价单 质量报告 回访",
    "9.5": "报修单编号 完成时间 回访截止 回访人 方式 拨打记录 时间 结果 问题是否解决 是否按约 服务态度 维修质量 响应速度 收费与报价一致 配件质量 使用保养讲解 总体 非常满意 满意 一般 "
    "不满意 不表态 不满意原因 质量 价格 时间 态度 专业性 配件到货 其他 建议 购车意向 需再次处理 二次回访时间 二次回访结果 是否闭环",
}  # fmt: skip
TITLES = {"9.1": "飞跃客服报修记录表", "9.2": "江苏飞跃机电科技有限公司报修单", "9.5": "售后服务回访调查表"}
COVER = ["受控状态", "受控号", "部门", "版本", "编制", "审核", "批准", "实施日期"]


@pytest.mark.clause("9.1", "9.2", "9.5")
def test_the_catalogue_has_the_glossary_word_for_word():
    with GLOSSARY.open(encoding="utf-8") as file, translation.override("zh-hans"):
        wrong = {
            row["msgid"]: (row["zh"], said)
            for row in csv.DictReader(file)
            if (
                said := translation.pgettext(row["context"], row["msgid"])
                if row["context"]
                else translation.gettext(row["msgid"])
            )
            != row["zh"]
        }
    assert not wrong


@pytest.mark.clause("0", "3.2", "3.3", "4.3", "9.1", "9.2", "9.5")
@pytest.mark.parametrize("form", RULED)
def test_a_form_bears_every_label_of_the_charter(story, company, desk, form):
    text = flat(text_of(desk(company.cs, story, form).content))
    assert not [label for label in [TITLES[form], *COVER, *RULED[form].split()] if label not in text]


@pytest.mark.parametrize("form", RULED)
def test_the_page_bears_the_same_words(story, company, desk, form):
    page = flat(desk(company.cs, story, form, kind="/").content.decode())
    assert not [label for label in [TITLES[form], *COVER, *RULED[form].split()] if label not in page]


@pytest.mark.parametrize("form", RULED)
def test_the_english_version_has_no_chinese_but_what_people_typed(story, company, desk, form):
    text = text_of(desk(company.cs, story, form, "?lang=en").content)
    assert not [label for label in [*COVER, TITLES[form]] if label in flat(text)]
    assert "Control status" in text
