// Everything here is a convenience: each page reads and submits without it.
import htmx from "htmx.org";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.attributesToSettle = ["class", "width", "height"];
// What was put in place works at once: a quick key press never meets a link that is still plain.
htmx.config.defaultSettleDelay = 0;
// A refused form (422) comes back with its errors and is shown like any answer.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

const drawer = document.getElementById("drawer");
let opener = null;

/** The explanation drawer: the last opened number gets the focus back when it closes. */
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "drawer-body") return;
  if (!drawer.open) drawer.showModal();
  drawer.querySelector("h2")?.focus();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!drawer?.contains(event.target)) opener = event.target;
});
// When the drawer can't be filled, the link itself still leads to the page or its error.
document.addEventListener("htmx:responseError", (event) => followLink(event.detail.elt));
document.addEventListener("htmx:sendError", (event) => followLink(event.detail.elt));

function followLink(element) {
  if (element.matches("a[href]")) window.location.assign(element.href);
}

drawer?.addEventListener("close", () => opener?.focus());
drawer?.addEventListener("click", (event) => {
  const beside = event.target === drawer;
  if (beside || event.target.closest("[data-close]")) drawer.close();
});

// One open menu at a time; Escape and a click elsewhere close it.
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
});

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

// Review forms: 1–9 choose the level of the item in focus, j and k go to the next and previous.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const items = [...document.querySelectorAll("fieldset.levels")];
  const at = items.findIndex((item) => item.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = items[at + (event.key === "j" ? 1 : -1)];
    (next?.querySelector("input:checked") ?? next?.querySelector("input"))?.focus();
  } else if (at >= 0 && /^[1-9]$/.test(event.key)) {
    const level = items[at].querySelectorAll("input")[Number(event.key) - 1];
    level?.focus();
    level?.click();
  }
});

function typing(element) {
  return element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

// After a refused form the summary of what to mend takes the focus.
document.querySelector(".error-summary")?.focus();

// A second press while the answer is on its way sends nothing; coming back makes forms fresh again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
