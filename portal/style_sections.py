"""The sections of the component page: each with one line that says when to use it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    """One component; its specimens stand in templates/portal/style/<id>.html."""

    id: str
    title: Any
    use: Any

    @property
    def template(self) -> str:
        return f"portal/style/{self.id}.html"


@dataclass(frozen=True)
class Colour:
    """A token of the style sheet with what it is for."""

    name: str
    label: Any


SECTIONS = (
    Section("colours", _("颜色"), _("墨写字，一种蓝管操作和进度；印红只给印章、法律行为、超期和填错。")),
    Section("type", _("字"), _("正文 16 像素；公众页大标题、大数字和文书用宋体；不用斜体。")),
    Section("buttons", _("按钮"), _("一页一个主按钮。后果重的用红框，真正作出的那一下才用红底。")),
    Section("tags", _("状态"), _("一件事现在在哪一步。颜色之外总有文字。")),
    Section("icons", _("图标"), _("旁边有字时用；独自出现必须有名字。")),
    Section("header", _("页头和菜单"), _("屏幕窄或字大时，导航收进菜单；按 Esc 或点外面关上。")),
    Section("crumbs", _("所在位置和材料页签"), _("第二层以下的页面说明在哪里；同一件事的几份材料用页签。")),
    Section("banner", _("结论"), _("一页只问一件事时，用第一行回答。")),
    Section("messages", _("提示"), _("刚才那一下办成了没有。只说一次，不代替页面上的状态。")),
    Section("note", _("说明"), _("读正文时需要知道的一句话；可看可不看的收起来。")),
    Section("dialog", _("对话框"), _("后果重、要写理由或再确认一次的行为；其他一律不用。")),
    Section("working", _("等待"), _("后台在做、几秒到几分钟能好的事；做好了页面自己换。")),
    Section("failure", _("出错"), _("说清发生了什么、东西还在不在、现在怎么办。")),
    Section("empty", _("没有内容"), _("说明为什么空，下一步做什么。")),
    Section("fields", _("填写"), _("一列，标签在上，说明在标签下；选填才标注。")),
    Section("errors", _("填错"), _("最上面列出要改的几处，点一下到那一栏；字在框的上面，说怎么改。")),
    Section("upload", _("上传"), _("选了就传，看得见进度，断了能接着；没有脚本时随表单一起提交。")),
    Section("search", _("检索"), _("一个框认所有写法；没有查到时说明可能的原因。")),
    Section("list", _("清单"), _("一行一件事，可筛选、可排序；手机上一行变一张卡，最要紧的数在右上。")),
    Section("pages", _("翻页"), _("清单超过一页时用；筛选条件保留。")),
    Section("facts", _("事实"), _("名称与内容成对的资料。")),
    Section("tasks", _("要做的事"), _("分几步填的申请用步骤；来自各处的待办用清单，超期用红字。")),
    Section("checks", _("核对"), _("规则已经查过什么，依据哪一条；人只看没过的。")),
    Section("rail", _("环节"), _("案件走到哪里，在谁手上；手机上竖排。")),
    Section("ruler", _("工作日标尺"), _("还剩几天。一格一个工作日：已用、暂停、今天、剩余、超期。")),
    Section("days", _("日表"), _("标尺背后的每一天为什么算或不算。")),
    Section("timeline", _("经过"), _("发生过什么，由近到远；机关的法律行为用红点。")),
    Section("charts", _("图表"), _("数量用横条，先后用柱或线，整体的各部分用分段条；数字总在旁边的表里。")),
    Section("papers", _("材料与决定"), _("左边是材料，右边是规则核对的结果，行为在最下面。")),
    Section("print", _("打印"), _("只印内容，不印操作。")),
    Section("large", _("大字"), _("页脚按“大字”，全站放大四分之一，布局跟着让位。")),
)
COLOURS = (
    Colour("ink", _("正文")),
    Colour("ink-2", _("次要文字")),
    Colour("ink-3", _("说明")),
    Colour("paper", _("页面底色")),
    Colour("surface", _("卡片")),
    Colour("wash", _("浅底")),
    Colour("line", _("细线")),
    Colour("line-3", _("输入框边")),
    Colour("blue", _("操作和进度")),
    Colour("blue-wash", _("蓝底")),
    Colour("seal", _("印章、法律行为、超期、填错")),
    Colour("seal-wash", _("红底")),
    Colour("green-wash", _("已成")),
    Colour("amber-wash", _("等待、暂停")),
)
