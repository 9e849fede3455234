/** Scheme, host and port of an address; nothing while it is none. */
export const originOf = (address: string): string => (URL.canParse(address) ? new URL(address).origin : "");
