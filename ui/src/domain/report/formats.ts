import type { ReportFormat } from "$ipc/gen/report";

interface Format {
  value: ReportFormat;
  label: string;
  /** What it is good for, in one line. */
  hint: string;
  /** How its files end. */
  ending: string;
  /** Whether it can have exchanges and pictures, or leave them out. */
  hasChoice: boolean;
}

export const formats: readonly Format[] = [
  { value: "html", label: "HTML page", hint: "To read, print and send: one HTML file with everything in it.", ending: ".html", hasChoice: true },
  { value: "json", label: "JSON", hint: "For programs of your own, after a published schema.", ending: ".json", hasChoice: true },
  { value: "junit", label: "JUnit XML", hint: "For continuous integration: one test case each.", ending: ".xml", hasChoice: false },
  { value: "har", label: "HAR", hint: "For network tools of browsers: every request and response.", ending: ".har", hasChoice: false },
  { value: "csv", label: "CSV", hint: "For spreadsheets: one line each.", ending: ".csv", hasChoice: false },
];

export const formatOf = (value: ReportFormat): Format => formats.find((format) => format.value === value) ?? (formats[0] as Format);

/** A path with the ending of a format, where it had that of another one. */
export function withEnding(path: string, ending: string): string {
  const known = formats.find((format) => path.endsWith(format.ending));
  return known ? path.slice(0, -known.ending.length) + ending : path;
}
