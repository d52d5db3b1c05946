import { DayBoard } from "@slotwire/react";
import "@slotwire/react/day-board.css";
import { useNavigate } from "@tanstack/react-router";

/** Today at the demo's salon, which changes before one's eyes. */
export function Day() {
  const navigate = useNavigate();
  return (
    <DayBoard
      className="p-5 sm:p-6"
      onOpen={({ id }) => void navigate({ to: "/bookings/$bookingId", params: { bookingId: id } })}
    />
  );
}
