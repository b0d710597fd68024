NAME          two words
ROWS
 N  the cost
 L  row 1
COLUMNS
    col a     the cost             1   row 1                1
    col b     row 1               -2.5
RHS
              row 1                4
BOUNDS
 UP           col a                3
ENDATA
