/** Keeps the counts of an event on a page up to date, as the shop streams them. Without scripts they
 * are as they were when the page was loaded.
 *
 *   <... data-counts="/manage/events/1/counts">  around them: the address of the stream
 *   data-count="admitted"                        an element that shows this number
 *   data-count-share                             an element that shows which part came, in percent
 *   <tbody data-counts-of="by_gate">             a row for each gate or ticket type
 *   <template>                                   in it: such a row, its cells with data-count; where
 *                                                a name is missing, its cell's data-unnamed is told
 *   data-with-rows, data-without-rows="by_gate"  shown if there is such a row, or if there is none
 */

const REFUSED_FOR_MS = 10_000;

function fill(root, values) {
  for (const element of root.querySelectorAll("[data-count]")) {
    const value = values[element.dataset.count];
    const text = String(value ?? element.dataset.unnamed ?? "");
    if (element.textContent !== text) element.textContent = text;
  }
}

function rowsOf(body, rows) {
  const template = body.querySelector("template");
  const made = rows.map((row) => {
    const copy = template.content.cloneNode(true);
    fill(copy, row);
    return copy;
  });
  body.replaceChildren(template, ...made);
}

function show(place, counts) {
  for (const element of place.querySelectorAll("[data-count]")) {
    if (!element.closest("[data-counts-of]")) {
      element.textContent = String(counts[element.dataset.count]);
    }
  }
  const share = counts.tickets ? (100 * counts.admitted) / counts.tickets : 0;
  for (const element of place.querySelectorAll("[data-count-share]")) {
    element.textContent = share.toFixed(1);
  }
  for (const element of place.querySelectorAll("[data-with-rows]")) {
    element.hidden = !counts[element.dataset.withRows].length;
  }
  for (const element of place.querySelectorAll("[data-without-rows]")) {
    element.hidden = counts[element.dataset.withoutRows].length > 0;
  }
  for (const body of place.querySelectorAll("[data-counts-of]")) {
    rowsOf(body, counts[body.dataset.countsOf]);
  }
  for (const element of place.querySelectorAll("[data-without-scripts]")) element.hidden = true;
}

/** A browser opens a stream again that broke, but not one that was refused, as while the shop
 * restarts behind a proxy. */
function watch(place) {
  const stream = new EventSource(place.dataset.counts);
  stream.addEventListener("counts", (event) => show(place, JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(watch, REFUSED_FOR_MS, place);
  });
}

for (const place of document.querySelectorAll("[data-counts]")) watch(place);
