// Filters of the tests. The address keeps them: #device=leaf1&state=failed
(() => {
  const form = document.forms.filters;
  const rows = [...document.querySelectorAll("tr[data-device]")];
  const groups = [...document.querySelectorAll(".group")];
  const names = ["device", "category", "state"];

  function apply() {
    const wanted = Object.fromEntries(new FormData(form));
    const text = wanted.text.trim().toLowerCase();
    for (const row of rows) {
      const fits = names.every((name) => !wanted[name] || row.dataset[name] === wanted[name]);
      row.hidden = !fits || (text !== "" && !row.textContent.toLowerCase().includes(text));
    }
    for (const group of groups) {
      group.hidden = wanted.device !== "" && group.dataset.device !== wanted.device;
    }
    const shown = rows.filter((row) => !row.hidden).length;
    form.elements.shown.value = `${shown} of ${rows.length} tests`;
    const kept = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    if (kept.toString()) history.replaceState(null, "", `#${kept}`);
    else if (filtered()) history.replaceState(null, "", location.pathname);
  }

  function filtered() {
    const asked = new URLSearchParams(location.hash.slice(1));
    return [...names, "text"].some((name) => asked.has(name));
  }

  function read() {
    if (!filtered()) return;
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const name of [...names, "text"]) form.elements[name].value = asked.get(name) ?? "";
    apply();
  }

  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", read);
  for (const node of document.querySelectorAll(".drawing .node")) {
    const name = node.querySelector("text").textContent;
    if (!rows.some((row) => row.dataset.device === name)) continue;
    node.addEventListener("click", () => {
      form.elements.device.value = form.elements.device.value === name ? "" : name;
      apply();
      document.getElementById("tests").scrollIntoView({ behavior: "smooth" });
    });
  }
  form.hidden = false;
  read();
  apply();
})();
