// Asks whether the page is still the last one, and loads it anew where it is not.
"use strict";
(function () {
  var own = document.currentScript.getAttribute("data-version");
  var box = null;
  function trouble(text) {
    if (!text) { if (box) { box.remove(); box = null; } return; }
    if (!box) {
      box = document.createElement("pre");
      box.className = "draft";
      box.setAttribute("role", "alert");
      document.body.insertBefore(box, document.body.firstChild);
    }
    box.textContent = text;
  }
  function ask() {
    fetch("/__version", { cache: "no-store" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var at = text.indexOf("\n");
      if (text.slice(0, at) !== own) { window.location.reload(); return; }
      trouble(text.slice(at + 1));
    }).catch(function () {}).then(function () { window.setTimeout(ask, 700); });
  }
  ask();
})();
