import type { ComponentPropsWithRef } from "react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { Icon, type IconName } from "./icon.tsx";

type Weight = "primary" | "plain" | "ghost" | "danger";

const weights: Readonly<Record<Weight, string>> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
  plain: "bg-surface text-ink border-line-strong hover:bg-raised",
  danger: "bg-surface text-bad border-line hover:border-bad hover:bg-bad-soft",
  ghost: "text-ink border-transparent hover:bg-raised",
};

const shape =
  "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-lg border px-3 text-sm font-medium whitespace-nowrap transition-colors aria-disabled:cursor-default aria-disabled:opacity-60";

interface ButtonProps extends ComponentPropsWithRef<"button"> {
  weight?: Weight;
  icon?: IconName;
}

/**
 * A button; `weight` says how much it asks for attention. While it is disabled it keeps the focus,
 * which browsers take from what has the attribute `disabled`.
 */
export function Button(props: ButtonProps) {
  const { weight = "plain", icon, className = "", disabled, onClick, children, ...rest } = props;
  return (
    <button
      type="button"
      className={`${shape} ${weights[weight]} ${className}`}
      aria-disabled={disabled === true ? true : undefined}
      onClick={disabled === true ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface LinkButtonProps extends LinkProps {
  weight?: Weight;
  icon?: IconName;
  children: string;
}

/** A link to another screen that looks like a button. */
export function LinkButton({ weight = "plain", icon, children, ...rest }: LinkButtonProps) {
  return (
    <Link {...rest} className={`${shape} ${weights[weight]}`}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

interface IconButtonProps extends ComponentPropsWithRef<"button"> {
  icon: IconName;
  /** What it does, for those who cannot see it. */
  label: string;
}

/** A button that shows only an icon. */
export function IconButton({ icon, label, className = "", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`inline-flex size-9 items-center justify-center rounded-lg border border-transparent text-muted transition-colors hover:bg-raised hover:text-ink ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
