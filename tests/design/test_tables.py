"""Tables drawn in Python: on a phone every value says what it is, also a total."""

import re

from aftersales.display.sheet import Table

HEAD = [("Ticket", "tight"), ("Due", "money"), ("Open", "money")]


def test_a_total_bears_the_name_and_the_class_of_its_column():
    drawn = Table(HEAD, [("BX1", "3.00", "1.00")], ["Total", "3.00", "1.00"]).drawn
    [foot] = re.findall(r"<tfoot>.*</tfoot>", drawn)
    assert foot == (
        '<tfoot><tr><td>Total</td><td class="money" data-label="Due">3.00</td>'
        '<td class="money" data-label="Open">1.00</td></tr></tfoot>'
    )


def test_without_totals_there_is_no_foot():
    assert "<tfoot>" not in Table(HEAD, [("BX1", "3.00", "1.00")]).drawn
