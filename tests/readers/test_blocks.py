from fastsum.readers.blocks import Block, LeftOut, Omissions, compose


def test_lists_that_are_left_out_are_counted() -> None:
    blocks = [
        Block("The quay", level=1),
        Block("It is closed until the wall is finished."),
        Block("References", level=2),
        Block("Example, A. Walls. 2004."),
        Block("Sample, B. Quays. 2006."),
    ]
    omissions = Omissions()
    omissions.add("tables", "one two", count=1)
    reading = compose(blocks, omissions=omissions)
    assert "Sample" not in reading.text
    assert reading.left_out == (LeftOut("tables", 1, 6), LeftOut("references", 2, 41))


def test_what_has_no_letters_is_not_counted_without_a_place() -> None:
    omissions = Omissions()
    omissions.add("tables", " \n ")
    omissions.add("pages without text", where="page 3")
    assert omissions.found() == (LeftOut("pages without text", 1, 0, "page 3"),)


def test_a_term_stands_in_front_of_what_it_means() -> None:
    blocks = [
        Block("Quay", item=True, term=True),
        Block("A wall where ships lie."),
        Block("Basin:", item=True, term=True),
        Block("Water between walls.", item=True),
        Block("What is a pier?", item=True, term=True),
        Block("A quay on posts."),
        Block("Lock", item=True, term=True),
        Block("Two gates", level=2),
    ]
    assert compose(blocks).text.split("\n\n") == [
        "- Quay – A wall where ships lie.",
        "- Basin: Water between walls.",
        "- What is a pier?",
        "A quay on posts.",
        "- Lock",
        "## Two gates",
    ]
