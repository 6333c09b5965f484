// Search: the index is a script beside this one, so that it works from a folder as well as from a server.
"use strict";
(function () {
  var all = window.quorateIndex || [];
  var results = document.getElementById("results");
  var status = document.getElementById("status");
  var field = document.getElementById("query");
  var most = 100;
  function show(query) {
    var words = query.toLowerCase().split(/\s+/).filter(Boolean);
    results.textContent = "";
    if (!words.length) { status.textContent = ""; return; }
    var found = all.filter(function (one) {
      var text = (one[0] + " " + one[1] + " " + one[2]).toLowerCase();
      return words.every(function (word) { return text.indexOf(word) >= 0; });
    });
    found.slice(0, most).forEach(function (one) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = one[3];
      link.textContent = one[0];
      item.appendChild(link);
      item.appendChild(document.createTextNode(" (" + one[1] + ", " + one[2] + ")"));
      results.appendChild(item);
    });
    status.textContent = found.length > most ? found.length + " found, the first " + most + " shown" : found.length + " found";
  }
  if (!results || !field) { return; }
  field.value = new URLSearchParams(window.location.search).get("q") || "";
  field.addEventListener("input", function () { show(field.value); });
  show(field.value);
})();
