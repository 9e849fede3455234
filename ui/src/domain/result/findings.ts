import type { FindingDetail } from "$ipc/gen/run";

/** The host of a name that leads into the network at hand; none for every other finding. */
export const hostTooNear = ({ code, received }: FindingDetail): string | undefined =>
  code === "host_too_near" ? received.map(({ text }) => text).join("") : undefined;
