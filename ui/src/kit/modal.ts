import type { Attachment } from "svelte/attachments";

/**
 * Puts a dialog above everything else and the keyboard into it; the browser keeps it there. When the dialog goes, the keyboard is
 * where it was before.
 *
 * @param first finds what has the keyboard at the beginning; where it finds nothing, the first button has
 */
export function modal(first: (dialog: HTMLDialogElement) => HTMLElement | null | undefined): Attachment<HTMLDialogElement> {
  return (dialog) => {
    const before = document.activeElement;
    dialog.showModal();
    (first(dialog) ?? dialog.querySelector("button"))?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  };
}

/** What closes a dialog from the keyboard. The dialog itself goes when its owner says so, never by the browser's own doing. */
export function onEscape(close: () => void) {
  return {
    onkeydown(event: KeyboardEvent) {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      // Of two dialogs, one over the other, only the upper one closes.
      event.stopPropagation();
      close();
    },
    // The key comes to nobody where the button that had the keyboard has just been disabled; the browser cancels the dialog all the same.
    oncancel(event: Event) {
      event.preventDefault();
      if (event.target === event.currentTarget) close();
    },
  };
}
