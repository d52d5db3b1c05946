import { useState } from "react";
import { Button } from "../../parts/button.tsx";

interface AddNameProps {
  /** What is to be named. */
  label: string;
  /** What the button does. */
  action: string;
  onAdd: (name: string) => void;
}

/** The last row of a list, where another name is added. */
export function AddName({ label, action, onAdd }: AddNameProps) {
  const [name, setName] = useState("");
  const add = () => {
    const given = name.trim();
    if (given !== "") onAdd(given);
    setName("");
  };
  return (
    <div className="flex flex-wrap gap-2 px-3 py-2">
      <input
        className="field min-w-40 flex-1 text-sm"
        aria-label={label}
        placeholder={label}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") add();
        }}
      />
      <Button icon="plus" onClick={add}>
        {action}
      </Button>
    </div>
  );
}
