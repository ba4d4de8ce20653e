"""Who wants to open an institution, by their words: each nature has another way through registration. Pure."""

from __future__ import annotations

import re

# The first that fits counts; of what is for profit and what is not, both named means neither (营利和非营利哪个好).
_NATURES = {
    "home": r"家庭托|(?:自己|自个|俺|我|自)家?(?:家里|屋里|一楼)?.{0,4}(?:给邻居|带了?.个娃|收.个)|自己家|自家|在家里|住宅|家里(?:办|开|带|收|看)"
    r"|居家办|在家带",
    "kindergarten": r"幼儿园.{0,8}(?:托班|托小|托大|托育|两岁|2岁|2-3|小班以下|改|加|举办者|园长)|(?:我们|俺们|本)幼儿园|幼儿园园长"
    r"|园里.{0,3}开托班|民办园|小班招不满|托班.{0,4}幼儿园",
    "employer": r"用人单位|职工|企业自建|[给为].{0,3}员工"
    r"|(?:我们|俺们|本)(?:厂|单位|集团|医院)|厂里|员工的?(?:孩子|托育|福利|子女)|(?<!企业)(?<!事业)单位(?:想|办|内部)|人事|园区里|医院办|教职工",
    "community": r"社区(?!卫生|门口|来人|服务中心不)|街道(?:办|想|要)|村委|村里|居委|村支书|村会计|村部|村小|党群",
    "public": r"事业单位|编办|公办机构",
    "non_profit": r"非营利|非盈利|不盈利|不营利|不图赚钱|不以[赚营盈][钱利]|民办非企业|民非|社会服务机构|公益性",
    "for_profit": r"(?<![非不以])[营盈]利|公司|有限|个体|合伙|门面|店面|加盟|投资",
}
LABELS = {
    "home": "家里办", "kindergarten": "幼儿园开托班", "employer": "单位办", "community": "社区办", "public": "事业单位办",
    "non_profit": "非营利的", "for_profit": "公司办",
}  # fmt: skip


def nature_in(text: str) -> str | None:
    """home, kindergarten, employer, community, public, non_profit or for_profit; None where the words do not tell."""
    said = [nature for nature, pattern in _NATURES.items() if re.search(pattern, text)]
    if {"non_profit", "for_profit"} <= set(said) or {"public", "non_profit"} <= set(said):
        return None
    return said[0] if said else None
