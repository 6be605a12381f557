// What is scrolled can be reached with the keyboard.
const markScrolled = () => {
  for (const box of document.querySelectorAll("article :is(pre, .table-wrapper)")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};

addEventListener("load", markScrolled);
addEventListener("resize", markScrolled);

// Escape closes the menus of narrow screens.
addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const open of document.querySelectorAll(".sidebar-toggle:checked")) {
    open.checked = false;
    open.focus();
  }
});
