// @ts-check
/* Before the page is drawn, in words that every browser understands: here scripts run.
   A page without this mark shows its pictures and hides its controls, which would be dead.
   If the page's own script turns out to be too new for the browser, the mark goes again. */
(function () {
  var page = document.documentElement;
  page.classList.add("scripts-run");
  addEventListener("load", function () {
    if (!(/** @type {any} */ (window).explorers)) page.classList.remove("scripts-run");
  });
})();
