-- Links to a destination's log for the receiver's people carry this number: raising it ends them.
ALTER TABLE destination ADD COLUMN portal_generation int NOT NULL DEFAULT 0;
