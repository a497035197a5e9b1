/** Draws the numbers of tables as plots. The tables stay: they are what is read aloud, and all there
 * is without scripts. A figure names its table, and what of it is drawn:
 *
 *   data-table    the id of the table
 *   data-columns  the columns whose cells' data-value is drawn, as "1" or "1,2"
 *   data-zone     first cells are moments (seconds since 1970), told in this time zone;
 *                 without it they are names
 *   data-room     how many seconds a row stands for: those of a day, or of a quarter of an hour
 *   data-rows     only rows whose data-row is this
 *   data-money    amounts: the axis says 1.2K
 */

const HEIGHT = 240;
const DAY = 86400;
const LANGUAGE = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const STEPS = [1, 2, 5].flatMap((step) =>
  Array.from({ length: 14 }, (_, power) => step * 10 ** power),
).sort((one, other) => one - other);

/** The numbers of a figure: the first cells' values or names, and a list for each column. */
export function numbersOf(figure) {
  const table = document.getElementById(figure.dataset.table);
  const columns = figure.dataset.columns.split(",").map(Number);
  const rows = [...table.tBodies[0].rows].filter(
    (row) => !figure.dataset.rows || row.dataset.row === figure.dataset.rows,
  );
  const heads = [...table.tHead.rows[0].cells];
  return {
    firsts: rows.map((row) => row.cells[0]),
    names: columns.map((column) => heads[column].textContent.trim()),
    values: columns.map((column) => rows.map((row) => Number(row.cells[column].dataset.value))),
  };
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function short(text, longest) {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** Days are told as "1 May", quarters of an hour as "18:45". */
function timeAxis(zone, room) {
  const told =
    room === DAY ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" };
  const format = new Intl.DateTimeFormat(LANGUAGE, { ...told, timeZone: zone });
  return {
    incrs: [1, 2, 4, 8, 16, 32, 96, 192, 384].map((rows) => rows * room),
    values: (_, marks) => marks.map((mark) => format.format(new Date(mark * 1000))),
  };
}

/** Where bars stand, and what is written under them. */
function across(figure, firsts, width) {
  const zone = figure.dataset.zone;
  if (zone) {
    return {
      places: firsts.map((cell) => Number(cell.dataset.value)),
      options: { tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone) },
      scale: { time: true },
      axis: timeAxis(zone, Number(figure.dataset.room)),
    };
  }
  const names = firsts.map((cell) => cell.textContent.trim());
  const longest = Math.max(4, Math.floor((width - 60) / names.length / 8));
  return {
    places: names.map((_, place) => place),
    options: {},
    scale: { time: false, range: [-0.5, names.length - 0.5] },
    axis: {
      splits: names.map((_, place) => place),
      values: () => names.map((name) => short(name, longest)),
      grid: { show: false },
    },
  };
}

/** A bar's room beside the first and the last one. */
function range(places, room) {
  return [places[0] - room, places[places.length - 1] + room];
}

function options(figure, found, width) {
  const { firsts, names, values } = found;
  const { places, options: more, scale, axis } = across(figure, firsts, width);
  const axes = { stroke: colour("--soft"), font: "12px system-ui, sans-serif" };
  const lines = { stroke: colour("--line"), width: 1 };
  const fills = [colour("--brand"), colour("--bad")];
  const format = new Intl.NumberFormat(LANGUAGE, {
    notation: figure.dataset.money === undefined ? "standard" : "compact",
  });
  const room = Number(figure.dataset.room);
  const x = scale.time ? { ...scale, range: range(places, room) } : scale;
  return {
    data: [places, ...values],
    settings: {
      ...more,
      width,
      height: HEIGHT,
      legend: { show: names.length > 1, live: false },
      cursor: { show: false },
      scales: { x, y: { range: (_, least, most) => [Math.min(0, least), Math.max(1, most * 1.05)] } },
      axes: [
        { ...axes, grid: lines, ticks: lines, ...axis },
        {
          ...axes,
          grid: lines,
          ticks: lines,
          size: 56,
          incrs: STEPS,
          values: (_, marks) => marks.map((mark) => format.format(mark)),
        },
      ],
      series: [
        {},
        ...names.map((label, number) => ({
          label,
          fill: fills[number],
          stroke: fills[number],
          points: { show: false },
          paths: uPlot.paths.bars({
            size: [0.7 / names.length, 48],
            align: names.length > 1 ? (number ? 1 : -1) : 0,
          }),
        })),
      ],
    },
  };
}

function draw(figure) {
  const found = numbersOf(figure);
  if (!found.firsts.length) return;
  figure.hidden = false;
  const { data, settings } = options(figure, found, figure.clientWidth);
  figure.plot?.destroy();
  figure.plot = new uPlot(settings, data, figure);
}

const figures = [...document.querySelectorAll("figure.plot")];
const drawAll = () => figures.forEach(draw);
drawAll();
const theme = matchMedia("(prefers-color-scheme: dark)");
theme.addEventListener("change", drawAll);
new ResizeObserver(() => {
  for (const figure of figures) {
    if (figure.plot && figure.plot.width !== figure.clientWidth) draw(figure);
  }
}).observe(document.body);
