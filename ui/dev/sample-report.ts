import type { ReportProgress } from "$ipc/gen/report";
import type { Answers } from "./backend";

/** A report that is done at once. */
export const written: ReportProgress = { standing: "done", path: "/srv/site/3-runs.html", done: 3, total: 3, megabytes: 0.42, milliseconds: 38, failure: null };

/** The same, half written. */
export const beingWritten: ReportProgress = { ...written, standing: "running", done: 420, total: 1000, megabytes: 31.2, milliseconds: 900 };

export const curlCommand = `# CODE: an authorization code that has not been used
# SECRET: the client secret, version 2
curl http://127.0.0.1:40123/contentdb/oauth/token/ \\
  --data-urlencode "code=$CODE" \\
  --data-urlencode "client_secret=$SECRET"
`;

/** The sample answers for reports. */
export const reportAnswers: Answers = {
  report_export: ({ path }) => ({ ...written, path, standing: "running", done: 0 }),
  report_show: () => written,
  report_stop: () => ({ ...written, standing: "stopped" }),
  place_show: () => ({}),
  exchange_as_curl: () => ({ text: curlCommand }),
};
