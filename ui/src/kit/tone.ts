/** What a colour means, wherever it appears. Each tone also has its own sign, so that colour is never the only signal. */
export type Tone = "neutral" | "accent" | "ok" | "warn" | "bad" | "wait";
