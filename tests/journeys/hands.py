"""Two ways of using a page: with a pointer, and with the keyboard alone."""

MOST_TABS = 150
MOST_PRESSES = 20


class Pointer:
    """Clicks, types and chooses."""

    def __init__(self, page):
        self.page = page

    def press(self, selector):
        """Follow a link or press a button."""
        self.page.locator(selector).first.click()

    def write(self, name, words):
        self.page.locator(f"[name={name}]").fill(words)

    def pick(self, name, value):
        """Choose an answer, from a list or from radio buttons."""
        field = self.page.locator(f"select[name={name}]")
        if field.count():
            field.select_option(value)
        else:
            self.page.locator(f"input[name={name}][value='{value}']").check()

    def tick(self, name):
        self.page.locator(f"input[name={name}]").check()

    def choose_file(self, name, path):
        self.page.locator(f"input[name={name}]").set_input_files(path)


class Keyboard:
    """Reaches everything with the tab key, and sees where it is."""

    def __init__(self, page):
        self.page, self.opened = page, []
        # From the start: a list of files that opens before anybody listens is closed again.
        page.on("filechooser", self.note)

    def note(self, files):
        self.opened.append(files)

    def reach(self, selector):
        """Tab until the thing has the focus; it must then be visible on the screen."""
        wanted = self.page.locator(selector).first
        wanted.wait_for()
        for _ in range(MOST_TABS):
            if wanted.evaluate("thing => thing === document.activeElement"):
                assert wanted.evaluate(VISIBLY_FOCUSED), f"{selector} shows no focus"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with the tab key")

    def press(self, selector):
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, name, words):
        self.reach(f"[name={name}]")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def pick(self, name, value):
        if self.page.locator(f"select[name={name}]").count():
            self.reach(f"select[name={name}]")
            options = self.page.locator(f"select[name={name}] option")
            values = options.evaluate_all("all => all.map(each => each.value)")
            at = self.page.locator(f"select[name={name}]").evaluate("list => list.selectedIndex")
            for _ in range(values.index(value) - at):
                self.page.keyboard.press("ArrowDown")
        else:
            self.reach_choice(name)
            self.page.keyboard.press("Space")
            for _ in range(self.page.locator(f"input[name={name}]").count()):
                if self.page.locator(f"input[name={name}][value='{value}']").is_checked():
                    return
                self.page.keyboard.press("ArrowDown")
        chosen = self.page.locator(f"[name={name}]").first.evaluate(CHOSEN)
        assert chosen == value

    def reach_choice(self, name):
        for _ in range(MOST_TABS):
            if self.page.evaluate("document.activeElement.name") == name:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached with the tab key")

    def tick(self, name):
        self.reach(f"input[name={name}]")
        self.page.keyboard.press("Space")

    def choose_file(self, name, path):
        """Open the list of files with the space bar; that window is the browser's own."""
        self.reach(f"input[name={name}]")
        for _ in range(MOST_PRESSES):
            self.page.keyboard.press("Space")
            self.page.wait_for_timeout(500)
            if self.opened:
                self.opened.pop().set_files(path)
                self.opened.clear()
                return
        raise AssertionError(f"{name} opens no list of files")


VISIBLY_FOCUSED = """thing => {
  const look = getComputedStyle(thing);
  return look.outlineStyle !== 'none' || look.boxShadow !== 'none';
}"""
CHOSEN = """field => {
  if (field.tagName === 'SELECT') return field.value;
  return (document.querySelector(`input[name=${field.name}]:checked`) || {}).value;
}"""
