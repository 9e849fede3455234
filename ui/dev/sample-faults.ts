import type { FaultDefinition, Faults } from "$ipc/gen/fault";

function fault(id: string, endpoint: string, sentence: string, changes: Partial<FaultDefinition> = {}): FaultDefinition {
  return { id, sentence, endpoint, also: null, twins: ["chaster"], variants: [], wire: false, delayMs: null, ...changes };
}

/** Some ways to misbehave, of every shape. */
export const catalogue: FaultDefinition[] = [
  fault("AZ-02", "authorization", "The state comes back changed.", { twins: ["chattz", "chaster", "contentdb"] }),
  fault("TK-01", "token", "The endpoint is broken or overloaded; nothing is exchanged.", { twins: ["chattz", "chaster"], variants: ["500", "502", "503_retry_after"] }),
  fault("TK-25", "token", "The answer never comes.", { wire: true, delayMs: 60_000 }),
  fault("ID-03", "jwks", "The key that signed is not in the key set."),
];

export const noFaults: Faults = { catalogue, rules: [], injections: [] };

/** Two rules in force, one of which has happened. */
export const someFaults: Faults = {
  catalogue,
  rules: [
    { fault: "TK-01", variant: "502", twin: "chaster", clientId: "kittenlocks-870504", when: { kind: "nth", value: [1, 3] }, delayMs: null },
    { fault: "AZ-02", variant: null, twin: "contentdb", clientId: null, when: { kind: "probability", value: 0.25 }, delayMs: null },
  ],
  injections: [
    { sequence: 1, at: "2025-10-11T09:12:08Z", requestId: "r4", fault: "AZ-02", variant: null, twin: "contentdb", endpoint: "authorization", clientId: "qX3vB7nT2mLr" },
  ],
};
