"""Which sentences stand in a summary by themselves."""

from __future__ import annotations

import pytest

from fastsum.text.english.standing import standing
from fastsum.text.language import Standing

LEAN_BACK = """
They were found on Monday.
It broke in two.
It's already had ripple effects.
But he did not go home.
“She embodied the spirit of the harbour,” the crew said.
“Most people would stay at home,” he says.
"We cannot stop now!" they shouted from the boat.
'I am not going to the harbour,' she said, and left.
and nobody knows why," he said.
His website has sold more than 133 boats.
This is a direct result of the storm.
That was never proved.
These were sold at once.
However, such repairs are dear.
Both were sold at once.
Neither came home.
The latter was sold at once.
The move is part of a new plan for the harbour.
The pair left on Friday.
One of them was a nurse.
Another sank off Lindhaven.
"""
ALONE = """
The council of Port Ellis will close the quay on Monday.
It is not clear whether the quay will open again.
It's hard to see why the council closed it.
It seems that nobody was hurt.
It has long been known that salt harms steel.
This study followed 212 apple trees for two years.
These results suggest that salt harms steel.
This Act may be cited as the Harbour Act.
This week the quay was closed.
Those who live near the quay were told on Monday.
That the ice broke surprised nobody.
Both Moira Cullen and her brother left.
Neither the council nor the crews knew.
The two boats of the coastguard left at noon.
One of the boats sank.
Thistles grow on the quay.
The movement of ice is slow.
We closed the quay.
“Most people would stay,” said Moira Cullen before she left.
"The quay is full," the crew said, and they left.
The crew called it "a quay for nobody," she left and Moira Cullen stayed.
"""
LEAD_ON = """
Who will pay for the quay?
“Who will pay?”
The Secretary shall:
Congress finds that—
The partners shall--
"""
NOTHING = """
(a) In general.--
Thank you, operator, and good morning, everyone.
Good morning, Ruud.
Thanks again.
Welcome back, everybody.
Thank you, Chair.
With that, I will now turn the call over to Moira Cullen.
Our next question comes from Moira Cullen of Harbour Bank.
Our actual results may differ materially from such statements.
The loss is defined as
We fed the cat and the.
The threshold is compared with that of the server shown at .
In the standard theory of star formation.
In the standard theory of star formation
For simplicity in the notation and
A fixed quay for smaller boats, e.g.
- The scope of the new quay
- [ ] A boat for the harbour police
With this and a new model of the harbour.
Section 3 describes the boats and their crews.
In Section 4 we evaluate our boats on ice.
In this section we define the boat.
The rest of this paper is about boats.
The paper is organized as follows.
"""
SOMETHING = """
The court told the company to turn it over to the harbour police.
The mayor refused to take questions.
The mayor was criticised for standing by the harbour master.
Thank you for the boat that you gave to the school of Lindhaven.
Thanks to her aunt, the school of Lindhaven has a boat.
Good morning fog closed the harbour of Lindhaven.
Hello Kitty boats are sold in Lindhaven.
(A) to report on the boats of the northern quay; and
(A) that are kept on the northern quay, or
(2) Section 12 of the Harbour Act is repealed.
Section 12 of the Harbour Act bars boats of more than nine tons.
The harbour section of the museum shows boats.
In Lindhaven the ice broke.
- The quay is closed
- The scope of the new quay.
- Count the boats
In the harbour they saw a whale.
In winter, the council of Lindhaven clears the quay.
That is what it is used for.
"""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (LEAN_BACK, {Standing.LEANS_BACK}),
        (ALONE, {Standing.ALONE}),
        (LEAD_ON, {Standing.LEADS_ON}),
        (NOTHING, {Standing.SAYS_NOTHING}),
        (SOMETHING, {Standing.ALONE, Standing.LEANS_BACK}),
    ],
)
def test_how_sentences_stand(texts: str, expected: set[Standing]) -> None:
    wrong = [text for text in texts.strip().splitlines() if standing(text) not in expected]
    assert wrong == []


def test_lower_cased_text_is_read_alike() -> None:
    for texts, expected in ((LEAN_BACK, Standing.LEANS_BACK), (LEAD_ON, Standing.LEADS_ON)):
        assert {standing(text.lower()) for text in texts.strip().splitlines()} == {expected}
