import type { FaultDefinition, FaultRule, FaultTiming } from "$ipc/gen/fault";

/** How the window names the endpoints of the catalogue. */
const endpointTitles: Record<string, string> = {
  authorization: "Authorization and callback",
  token: "Token",
  jwks: "Keys",
  discovery: "Discovery",
  userinfo: "Userinfo",
  refresh: "Refresh",
  revocation: "Revocation",
  introspection: "Introspection",
  logout: "Logout",
};

/** Faults of one endpoint. */
export interface FaultGroup {
  endpoint: string;
  title: string;
  faults: FaultDefinition[];
}

/** The faults in which every word occurs, by endpoint, in the order of the catalogue. */
export function groupedFaults(catalogue: readonly FaultDefinition[], words: string): FaultGroup[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, FaultGroup>();
  for (const fault of catalogue) {
    const title = endpointTitles[fault.endpoint] ?? fault.endpoint;
    const text = [fault.id, fault.sentence, title, fault.endpoint, fault.also, ...fault.variants].join(" ").toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    const group = groups.get(fault.endpoint) ?? { endpoint: fault.endpoint, title, faults: [] };
    group.faults.push(fault);
    groups.set(fault.endpoint, group);
  }
  return [...groups.values()];
}

/** The timing that was typed; nothing where it says no timing. A chance is typed in per cent. */
export function readTiming(kind: FaultTiming["kind"], text: string): FaultTiming | undefined {
  if (kind === "always") return { kind };
  if (kind === "probability") {
    const percent = Number(text.replace("%", "").trim() || NaN);
    return percent > 0 && percent <= 100 ? { kind, value: percent / 100 } : undefined;
  }
  const counts = text.split(/[\s,]+/).filter(Boolean).map(Number);
  const countable = counts.length > 0 && counts.every((count) => Number.isInteger(count) && count >= 1 && count <= 0xffff_ffff);
  if (!countable) return undefined;
  if (kind === "nth") return { kind, value: counts };
  return counts.length === 1 ? { kind, value: counts[0]! } : undefined;
}

/** "every time", "at 1, 3", "at the first 2", "with a chance of 25 %". */
export function timingWords(timing: FaultTiming): string {
  switch (timing.kind) {
    case "always":
      return "every time";
    case "nth":
      return `at ${timing.value.join(", ")}`;
    case "first":
      return `at the first ${timing.value}`;
    case "probability":
      return `with a chance of ${Math.round(timing.value * 1000) / 10} %`;
  }
}

/** What a rule says beside its fault: variant, twin, timing, client. */
export function ruleWords(rule: FaultRule, twinName: string): string {
  const parts = [twinName, rule.variant, timingWords(rule.when), rule.clientId === null ? null : `client ${rule.clientId}`];
  if (rule.delayMs !== null) parts.push(`${rule.delayMs} ms`);
  return parts.filter(Boolean).join(" · ");
}
