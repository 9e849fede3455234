/** The runs that have a tab on the Login screen: those started in this session, until their tab is closed. */
class OpenRuns {
  ids = $state<readonly string[]>([]);

  add(run: string): void {
    if (!this.ids.includes(run)) this.ids = [...this.ids, run];
  }

  close(run: string): void {
    this.ids = this.ids.filter((id) => id !== run);
  }
}

export const openRuns = new OpenRuns();
