/* Before anything is painted: light or dark, as the reader chose, or as the system is set. */
(function () {
  var page = document.documentElement, mode = "auto";
  // A browser may keep nothing, as for a file: then the system decides.
  try { mode = localStorage.getItem("mode") || mode; } catch (refused) {}
  var dark = mode === "dark" || (mode === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  page.dataset.mode = mode;
  page.dataset.theme = dark ? "dark" : "light";
})();
