/** The parts of a backup, in the order in which they are put back: the one that may still refuse comes first. */
export const partNames = ['gateway', 'prometheus', 'redis', 'postgres', 'alertmanager'] as const;

export type PartName = (typeof partNames)[number];

/** What was brought beside its place, and waits for its turn. */
export interface Prepared {
  /** Puts it in its place. Throws, and has changed nothing then. */
  commit(): Promise<void>;
  /** After a commit: puts back what was there before. */
  rollBack(): Promise<void>;
  /** Removes what is left beside the place, committed or not. */
  discard(): Promise<void>;
  /** After a commit: where what was there before is kept, in words; nothing where there was nothing. */
  before(): string | undefined;
}

/** How one server's data is saved and put back. */
export interface BackupPart {
  readonly name: PartName;
  /** Writes all that it holds into `folder`, which it makes, while the server runs. */
  backUp(folder: string): Promise<void>;
  /**
   * Brings what is in `folder` beside its place, without any change to what is there; throws what stands against it,
   * such as a server that runs and should not.
   */
  prepare(folder: string): Promise<Prepared>;
}

/** A backup cannot be taken or put back; nothing has been changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}
