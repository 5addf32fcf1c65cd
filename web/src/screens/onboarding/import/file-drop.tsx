import { type DragEvent, useId, useRef, useState } from 'react';
import classes from '../onboarding.module.css';

/** Takes a file that is dropped on it, or chosen. */
export function FileDrop({ file, onFile }: { readonly file: File | null; readonly onFile: (file: File) => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    const [first] = event.dataTransfer.files;
    if (first !== undefined) onFile(first);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short way; the button in it does the same
    <div
      className={classes.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>{file === null ? 'Choose a CSV file' : 'Choose another file'}</label>
      <input
        ref={input}
        id={id}
        type="file"
        accept=".csv,text/csv"
        className="visually-hidden"
        onChange={({ currentTarget }) => {
          const [first] = currentTarget.files ?? [];
          if (first !== undefined) onFile(first);
          // The same file can be chosen again after it was mended.
          currentTarget.value = '';
        }}
      />
      <span dir="auto">{file === null ? 'or drop it here' : file.name}</span>
    </div>
  );
}
