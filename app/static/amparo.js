// What is quicker with a script; every page works without it. No library, nothing kept in the browser.
(() => {
  "use strict";
  const find = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

  // The list of errors takes the focus, so that it is the first thing read.
  document.getElementById("errors")?.focus();

  // Ctrl+S saves the draft; ? shows the keys.
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      const save = document.querySelector("form[data-draft] [data-save]");
      if (!save) return;
      event.preventDefault();
      save.form.requestSubmit(save);
    } else if (event.key === "?" && !event.ctrlKey && !event.metaKey && !typing(event.target)) {
      const page = document.body.dataset.keys;
      if (page) location.assign(page);
    }
  });

  // A form that has changed asks before it is left. A form sent is not asked about, and is not sent twice; one that
  // fetches a file leaves the page standing, and may be sent for the next file at once.
  const changed = new WeakSet();
  const sent = new WeakSet();
  find("form[data-guard], form[data-draft]").forEach((form) => {
    form.addEventListener("input", () => changed.add(form));
    if (document.getElementById("errors") || "changed" in form.dataset) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (sent.has(event.target) && !("download" in event.target.dataset)) event.preventDefault();
    sent.add(event.target);
    setTimeout(() => sent.delete(event.target), 5000); // a download leaves the page standing
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) find("form").forEach((form) => sent.delete(form));
  });
  addEventListener("beforeunload", (event) => {
    const unsaved = find("form[data-guard], form[data-draft]").some((form) => changed.has(form));
    if (unsaved && !find("form").some((form) => sent.has(form))) event.preventDefault();
  });

  // Files that weigh too much are said to be so before they are sent: the server would hang up in the middle.
  find("input[type=file][data-most]").forEach((input) => {
    input.addEventListener("change", () => {
      const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
      input.setCustomValidity(size > Number(input.dataset.most) ? input.dataset.tooLarge : "");
      input.reportValidity();
    });
    input.form.addEventListener("submit", (event) => {
      if (input.reportValidity()) return;
      event.preventDefault();
      event.stopPropagation();
    });
  });

  // What a form holds, files left out: a draft is saved without them.
  const contents = (form) => {
    const data = new FormData(form);
    [...data.keys()].forEach((name) => data.get(name) instanceof File && data.delete(name));
    return data;
  };

  // A changed draft is saved every minute, and when its window is left for another; a new record's text is kept.
  find("form[data-autosave]").forEach((form) => {
    const line = form.querySelector("[data-status]");
    const say = (words) => line && (line.textContent = words);
    const save = async () => {
      if (!changed.has(form) || sent.has(form)) return;
      changed.delete(form);
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body: contents(form), headers: { Accept: "application/json" },
        });
        if (answer.redirected || answer.status === 401) throw new Error("ended");
        if (!answer.ok) throw new Error("failed");
        const now = await answer.json();
        if (now.version !== undefined && form.elements.version) form.elements.version.value = now.version;
        if (now.opened !== undefined && form.elements.opened) form.elements.opened.value = now.opened;
        if (now.action) form.setAttribute("action", now.action);
        if (now.autosave) form.dataset.autosave = now.autosave;
        if (line) say(now.words || line.dataset.saved.replace("{time}", now.at || new Date().toTimeString().slice(0, 5)));
      } catch (problem) {
        changed.add(form);
        if (line) say(problem.message === "ended" ? line.dataset.ended : line.dataset.failed);
      }
    };
    setInterval(save, 60000);
    document.addEventListener("visibilitychange", () => document.hidden && save());
  });

  // Names are suggested while one types.
  const suggest = (input) => {
    const list = document.getElementById(input.getAttribute("list"));
    let waiting = 0;
    let asked = "";
    const ask = async () => {
      const text = input.value.trim();
      if (!list || text.length < 2 || text === asked) return;
      if ([...list.options].some((option) => option.value === text)) return;
      asked = text;
      const address = new URL(input.dataset.suggest, location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok || answer.redirected || asked !== text) return;
      const found = await answer.json();
      list.replaceChildren(...found.map(({ value, label }) => {
        const option = document.createElement("option");
        option.value = value;
        if (label && label !== value) option.label = label;
        return option;
      }));
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 250);
    });
  };

  // Under a name stands who on record may be meant; the form asks the same when it is sent.
  const alike = (input) => {
    const line = document.createElement("div");
    let waiting = 0;
    line.setAttribute("role", "status");
    input.after(line);
    const ask = async () => {
      const text = input.value.trim();
      if (text.length < 3) {
        line.replaceChildren();
        return;
      }
      const address = new URL(input.dataset.alike, location.href);
      address.searchParams.set("q", text);
      const answer = await fetch(address).catch(() => null);
      if (!answer?.ok || answer.redirected || input.value.trim() !== text) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      line.replaceChildren(...found.body.childNodes);
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 400);
    });
  };

  // How much room a text has left.
  const count = (input) => {
    const line = document.getElementById(`${input.id}-count`);
    const limit = Number(input.dataset.count);
    const tell = () => {
      const used = [...input.value].length;
      line.textContent = line.dataset.words.replace("{used}", used).replace("{limit}", limit);
      line.classList.toggle("over", used > limit);
    };
    if (!line) return;
    input.addEventListener("input", tell);
    tell();
  };

  // A choice that decides the next one: the form is answered as by its "refresh" button, and only that part is swapped.
  const reload = (choice) => choice.addEventListener("change", async () => {
    const { form } = choice;
    const button = form.querySelector("[data-refresh]");
    const part = document.getElementById(choice.dataset.reload);
    if (!button || !part) return;
    const data = contents(form);
    data.append(button.name, button.value);
    const get = form.method === "get";
    const address = new URL(button.getAttribute("formaction") || form.getAttribute("action"), location.href);
    if (get) address.search = new URLSearchParams(data);
    const answer = await fetch(address, get ? {} : { method: "POST", body: data }).catch(() => null);
    const page = answer && !answer.redirected && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page && page.getElementById(part.id);
    if (!fresh) {
      form.requestSubmit(button);
      return;
    }
    const { id } = document.activeElement;
    part.replaceWith(fresh);
    wire(fresh);
    if (id) document.getElementById(id)?.focus();
  });

  const wire = (within) => {
    find("[data-suggest]", within).forEach(suggest);
    find("[data-alike]", within).forEach(alike);
    find("[data-count]", within).forEach(count);
    find("[data-reload]", within).forEach(reload);
    find("[data-refresh]", within).forEach((button) => button.classList.add("visually-hidden-focusable"));
  };
  wire(document);
})();
