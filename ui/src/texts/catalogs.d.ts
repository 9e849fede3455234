/** The catalogs of the window's texts; the plugin in `texts/` makes them. */
declare module "virtual:catalogs" {
  /** The English texts where they need not be fetched; empty in a build. */
  export const initial: import("./texts").Catalog;
  /** The texts of a language. */
  export const load: (language: import("$ipc/gen/settings").Language) => Promise<import("./texts").Catalog>;
}
