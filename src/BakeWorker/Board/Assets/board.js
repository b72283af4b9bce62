// Keeps the page as it is on the server: whenever an event says that something changed, the same address is fetched again and what differs is
// put in place. Nothing is drawn here, and nothing here makes markup out of data.
"use strict";

const live = () => document.getElementById("live");
const word = () => document.getElementById("live-word");

function say(state, text) {
  live().dataset.state = state;
  word().textContent = text;
}

// The same element, as far as a person is concerned: so focus, open details and scroll positions stay.
function isSame(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
}

function copyAttributes(from, to) {
  for (const { name } of [...to.attributes]) {
    if (!from.hasAttribute(name) && !(to.nodeName === "DETAILS" && name === "open")) to.removeAttribute(name);
  }
  for (const { name, value } of from.attributes) {
    if (to.getAttribute(name) !== value) to.setAttribute(name, value);
  }
}

function morph(to, from) {
  if (to.nodeType === Node.TEXT_NODE) {
    if (to.nodeValue !== from.nodeValue) to.nodeValue = from.nodeValue;
    return;
  }
  if (to.nodeType !== Node.ELEMENT_NODE) return;
  // What a person is typing is theirs.
  if (to.nodeName === "FORM" && to.contains(document.activeElement)) return;
  copyAttributes(from, to);
  let next = to.firstChild;
  for (const wanted of [...from.childNodes]) {
    let match = next;
    if (wanted.id) {
      match = [...to.children].find((child) => child.id === wanted.id) ?? null;
    } else if (match && !isSame(match, wanted)) {
      match = null;
    }
    if (!match) {
      to.insertBefore(document.importNode(wanted, true), next);
      continue;
    }
    if (match === next) next = next.nextSibling;
    else to.insertBefore(match, next);
    if (isSame(match, wanted)) morph(match, wanted);
    else match.replaceWith(document.importNode(wanted, true));
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

let isLoading = false;
let isStale = false;

async function refresh() {
  if (isLoading || document.hidden) {
    isStale = true;
    return;
  }
  isLoading = true;
  isStale = false;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    // A proxy whose worker is away, or a page that could not be made: what is there is better.
    if (answer.status >= 500) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["main", "footer"]) {
      const fresh = page.getElementById(id);
      if (fresh) morph(document.getElementById(id), fresh);
    }
    document.title = page.title;
    say("live", "live");
  } catch {
    say("lost", "no connection to the worker");
  } finally {
    isLoading = false;
    if (isStale && !document.hidden) setTimeout(refresh, 250);
  }
}

function listen() {
  const events = new EventSource("/api/events");
  events.addEventListener("changed", refresh);
  events.addEventListener("open", () => say("live", "live"));
  events.addEventListener("error", () => {
    say("lost", "no connection to the worker");
    // A browser tries again by itself, but not after an answer that was no stream: the board is full, or a proxy answers for a worker that is away.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 10_000);
  });
}

listen();
document.addEventListener("visibilitychange", () => !document.hidden && isStale && refresh());
